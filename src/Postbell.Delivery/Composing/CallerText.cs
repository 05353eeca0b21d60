using Postbell.Core;

namespace Postbell.Delivery.Composing;

/// <summary>The caller as text that is fit to be shown: what network and peer said, cleaned and cut.</summary>
internal sealed record CallerText
{
    private const int MaxName = 80;
    private const int MaxNumber = 40;

    public CallerText(MessageEnvelope envelope)
    {
        Name = DisplayText.Clean(envelope.CallerName, MaxName);
        Number = DisplayText.Clean(envelope.CallerNumber, MaxNumber);
    }

    /// <summary>Name, or empty.</summary>
    public string Name { get; }

    /// <summary>Number, or empty.</summary>
    public string Number { get; }

    public bool IsAnonymous => Name.Length == 0 && Number.Length == 0;

    /// <summary>The name, else the number, else that there is neither.</summary>
    public string Label => Name.Length > 0 ? Name : Number.Length > 0 ? Number : "anonymous caller";

    /// <summary>The label where nothing stands before it.</summary>
    public string Title => IsAnonymous ? "Anonymous caller" : Label;

    /// <summary>Name and number.</summary>
    public string Full => Name.Length > 0 && Number.Length > 0 ? $"{Name} ({Number})" : Label;
}
