using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using Postbell.Bench.Load;
using Postbell.Bench.Mail;
using Postbell.Bench.MailLoad;
using Postbell.Bench.Measuring;
using Postbell.Bench.Report;

namespace Postbell.Bench;

/// <summary>Load generator for a Postbell on the same machine; see docs/performance.md.</summary>
internal static class Program
{
    private const string Usage = """
        Postbell.Bench record|play|short|mailbox --target 127.0.0.1:5060 [--calls N] [--rate PER-SECOND] [--length SECONDS] [--before SECONDS]
            [--direct PORTS-FILE --rtp-port PORT] [--eager] [--server-pid PID] [--imap HOST:PORT --ready FILE --sample N --purge] [--name TEXT] [--out FILE]
        Postbell.Bench speech SECONDS FILE.wav     writes speech-like sound
        Postbell.Bench table RESULT.json...        prints results as Markdown
        Postbell.Bench deliver|mixed|fill|folders|idle --server NAME --imap HOST:PORT --lmtp HOST:PORT --domain NAME --root PID [--people N] --out FILE
            [--connections N --messages N --bytes N] [--clients N --seconds N] [--large N --texts N --times N] [--watching N]
        Postbell.Bench mail-table FILE             prints what those have added to FILE as Markdown
        """;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<int> Main(string[] words)
    {
        var arguments = new Arguments(words);
        switch (arguments.Command)
        {
            case "record" or "play" or "short" or "mailbox":
                return await LoadAsync(arguments);
            case "speech":
                WriteSpeech(int.Parse(arguments.Plain[0]), arguments.Plain[1]);
                return 0;
            case "table":
                Console.WriteLine(MarkdownTable.Of([.. arguments.Plain.Select(f => JsonSerializer.Deserialize<LoadReport>(File.ReadAllText(f), Json)!)]));
                return 0;
            case "deliver" or "mixed" or "fill" or "folders" or "idle":
                return await MailAsync(arguments);
            case "mail-table":
                Console.Write(MailTable.Of([.. File.ReadLines(arguments.Plain[0]).Select(l => JsonSerializer.Deserialize<MailFigures>(l)!)]));
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static async Task<int> LoadAsync(Arguments arguments)
    {
        var options = new LoadOptions
        {
            Kind = arguments.Command switch { "play" => CallKind.Play, "short" => CallKind.Short, _ => CallKind.Record },
            Target = arguments.EndPoint("target"),
            DirectPorts = arguments.Text("direct") is { } ports ? [.. File.ReadAllText(ports).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(int.Parse)] : [],
            RtpPort = (int)arguments.Number("rtp-port", 0),
            Calls = (int)arguments.Number("calls", 100),
            Rate = arguments.Number("rate", 100),
            Length = arguments.Seconds("length", 10),
            Before = arguments.Seconds("before", 1.5),
            Eager = arguments.Has("eager"),
        };
        var run = new LoadRun(options, arguments.Text("name") ?? arguments.Command, (int)arguments.Number("server-pid", 0))
        {
            Mailboxes = arguments.Has("imap") ? new Mailboxes(arguments.EndPoint("imap"), arguments.Text("ready")!) : null,
            Sample = (int)arguments.Number("sample", 0),
            Purge = arguments.Has("purge"),
            Watch = arguments.Command == "mailbox",
        };
        var report = await run.RunAsync();
        var text = JsonSerializer.Serialize(report, Json);
        if (arguments.Text("out") is { } file)
        {
            await File.WriteAllTextAsync(file, text);
        }

        Console.WriteLine(text);
        return report.Failures.Count == 0 ? 0 : 1;
    }

    private static async Task<int> MailAsync(Arguments arguments)
    {
        var target = MailTarget.Of(arguments);
        if (arguments.Command == "fill")
        {
            await new FolderLoad(target, arguments).FillAsync();
            return 0;
        }

        var figures = await (arguments.Command switch
        {
            "deliver" => new DeliveryLoad(target, arguments).RunAsync(),
            "mixed" => new MixedLoad(target, arguments).RunAsync(),
            "folders" => new FolderLoad(target, arguments).RunAsync(),
            _ => new IdleLoad(target, arguments).RunAsync(),
        });
        figures = figures with { Part = arguments.Text("part") ?? figures.Part };
        await File.AppendAllTextAsync(arguments.Text("out")!, JsonSerializer.Serialize(figures) + "\n");
        Console.WriteLine(JsonSerializer.Serialize(figures, Json));
        return 0;
    }

    private static void WriteSpeech(int seconds, string file)
    {
        var minute = SpeechSource.Minute();
        var wav = new byte[44 + (seconds * 16000)];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(20), 0x00010001);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), 8000);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), 16000);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(32), 0x00100002);
        "data"u8.CopyTo(wav.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), seconds * 16000);
        for (var i = 0; i < seconds * 8000; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(44 + (2 * i)), minute[i % minute.Length]);
        }

        File.WriteAllBytes(file, wav);
    }
}
