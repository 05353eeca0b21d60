namespace Postbell.Interop.Tests.Programs;

/// <summary>Programs in Python that speak SMTP (<c>mail-clients/</c>).</summary>
public static class SmtpScript
{
    public static Task<ProgramResult> RunAsync(string script, params string[] arguments) =>
        ExternalProgram.RunAsync("python3", [Path.Combine(AppContext.BaseDirectory, "mail-clients", script), .. arguments], TimeSpan.FromSeconds(60));
}
