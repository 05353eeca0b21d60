using System.Text.Json;
using Postbell.Server.Commands;
using Postbell.Server.Http;

namespace Postbell.Server.Hosting;

/// <summary>One of the demo's people with what a visitor needs to sign in as them.</summary>
internal sealed record DemoPerson(string Number, string Name, string User, string Password, string Pin);

/// <summary>The demo's people, kept with their secrets in a file that only the owner of the data folder can read.</summary>
internal sealed class DemoPeople
{
    private static readonly (string Number, string Name, string User)[] s_cast =
    [
        ("1001", "Anna Lindqvist", "anna"), ("1002", "Bruno Keller", "bruno"), ("1003", "Chloé Martin", "chloe"),
        ("1004", "David Okafor", "david"), ("1005", "Emma Nowak", "emma"),
    ];

    private readonly DataLayout _layout;
    private readonly Lock _gate = new();

    private DemoPeople(DataLayout layout, IReadOnlyList<DemoPerson> people) => (_layout, People) = (layout, people);

    /// <summary>Everybody, in the order of their numbers.</summary>
    public IReadOnlyList<DemoPerson> People { get; private set; }

    /// <summary>Reads the folder's people, or invents them: passwords and PINs are random and nobody else's.</summary>
    /// <exception cref="CommandFailedException">The file is damaged.</exception>
    public static DemoPeople ReadOrCreate(DataLayout layout)
    {
        if (File.Exists(layout.DemoPeople))
        {
            return new DemoPeople(layout, Read(layout.DemoPeople));
        }

        var people = s_cast.Select(p => new DemoPerson(p.Number, p.Name, p.User, Secret.NewPassword(), Secret.NewPin(p.Number))).ToArray();
        var fresh = new DemoPeople(layout, people);
        fresh.Write();
        return fresh;
    }

    /// <summary>Keeps the file true when somebody's password or PIN was changed; of people outside the demo nothing is kept.</summary>
    public void Remember(string user, string? password = null, string? pin = null)
    {
        lock (_gate)
        {
            if (People.Any(p => IsUser(p, user)))
            {
                People = [.. People.Select(p => IsUser(p, user) ? p with { Password = password ?? p.Password, Pin = pin ?? p.Pin } : p)];
                Write();
            }
        }
    }

    private static bool IsUser(DemoPerson person, string user) => person.User.Equals(user, StringComparison.OrdinalIgnoreCase);

    private static DemoPerson[] Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<DemoPerson[]>(File.ReadAllText(path), Json.Options) ?? [];
        }
        catch (JsonException fault)
        {
            throw new CommandFailedException($"{path} is damaged ({fault.Message}); remove it together with the data folder to begin anew");
        }
    }

    private void Write() => PrivateFile.Write(_layout.DemoPeople, JsonSerializer.Serialize(People, Json.Options) + "\n");
}
