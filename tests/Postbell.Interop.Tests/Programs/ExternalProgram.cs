using System.Diagnostics;

namespace Postbell.Interop.Tests.Programs;

/// <summary>What a program said and how it ended.</summary>
public sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    public ProgramResult ShouldSucceed()
    {
        ExitCode.ShouldBe(0, $"output:\n{Output}\nerrors:\n{Errors}");
        return this;
    }
}

/// <summary>Runs another program to its end, within a limit of time.</summary>
public static class ExternalProgram
{
    public static async Task<ProgramResult> RunAsync(
        string program, IEnumerable<string> arguments, TimeSpan within, string? folder = null, params (string Name, string Value)[] environment)
    {
        using var process = Start(program, arguments, folder, environment);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(within);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end within {within.TotalSeconds} s:\n{await output}\n{await errors}", e);
        }

        return new ProgramResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Starts a program that goes on running; a missing one is a failure that says what to install.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, string? folder = null, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException($"the program {program} is missing or cannot run; ./test installs what the tests need", e);
        }
    }
}
