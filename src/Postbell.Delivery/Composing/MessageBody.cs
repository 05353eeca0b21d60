using System.Net;
using System.Text;
using Postbell.Core;
using Postbell.Mailbox;

namespace Postbell.Delivery.Composing;

/// <summary>The same content twice: as plain text and as HTML. Everything in it is cleaned first and quoted where it is put.</summary>
internal sealed class MessageBody
{
    private readonly string _heading;
    private readonly CallerText _caller;
    private readonly List<(string Label, string Value)> _facts = [];
    private readonly List<string> _remarks = [];
    private readonly string[] _policy;
    private readonly IReadOnlyList<string> _lines;

    public MessageBody(MessageEnvelope envelope, CallerText caller, TimeSpan? duration, string received)
    {
        _caller = caller;
        _heading = MessageTexts.Heading(envelope, caller);
        AddFact("Name", caller.Name);
        AddFact("Number", caller.Number);
        AddFact("Received", received);
        AddFact("Duration", duration is { } length ? MessageTexts.Duration(length) : "");
        AddFact("Called number", MessageTexts.Called(envelope) ?? "");
        AddRemark(envelope.HighImportance, MessageTexts.Urgent);
        AddRemark(envelope.Private, MessageTexts.Private);
        AddRemark(envelope.Interrupted, envelope.Kind == MessageKind.MissedCall ? MessageTexts.InterruptedNote : MessageTexts.InterruptedVoice);
        _lines = TextLines.Of(envelope.Text);
        _policy = [.. (envelope.PolicyText ?? "").Split('\n').Select(static line => DisplayText.Clean(line, 512)).Where(static line => line.Length > 0)];
    }

    public string ToText()
    {
        var text = new StringBuilder();
        if (_lines.Count > 0)
        {
            // What was said comes first: it is what a list of messages shows of them.
            text.AppendJoin("\r\n", _lines).Append("\r\n\r\n-- \r\n");
        }

        text.Append(_heading).Append("\r\n");
        if (_remarks.Count > 0)
        {
            text.Append("\r\n").AppendJoin("\r\n", _remarks).Append("\r\n");
        }

        text.Append("\r\n");
        foreach (var (label, value) in _facts)
        {
            text.Append((label + ":").PadRight(15)).Append(value).Append("\r\n");
        }

        if (_policy.Length > 0)
        {
            text.Append("\r\n").AppendJoin("\r\n", _policy).Append("\r\n");
        }

        return text.ToString();
    }

    public string ToHtml(string language)
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\r\n<html lang=\"").Append(Encode(language)).Append("\">\r\n<head><meta charset=\"utf-8\"><title>")
            .Append(Encode(_heading)).Append("</title></head>\r\n<body style=\"font-family:sans-serif;font-size:14px\">\r\n<h2 style=\"font-size:18px\">")
            .Append(Encode(_heading)).Append("</h2>\r\n");
        if (_lines.Count > 0)
        {
            html.Append("<p style=\"white-space:pre-wrap\">").AppendJoin("<br>\r\n", _lines.Select(Encode)).Append("</p>\r\n");
        }

        foreach (var remark in _remarks)
        {
            html.Append("<p><strong>").Append(Encode(remark)).Append("</strong></p>\r\n");
        }

        html.Append("<table style=\"font-size:14px\">\r\n");
        foreach (var (label, value) in _facts)
        {
            html.Append("<tr><td style=\"padding-right:1em;color:#555\">").Append(Encode(label)).Append("</td><td>")
                .Append(label == "Number" ? NumberLink() : Encode(value)).Append("</td></tr>\r\n");
        }

        html.Append("</table>\r\n");
        foreach (var line in _policy)
        {
            html.Append("<p>").Append(Encode(line)).Append("</p>\r\n");
        }

        return html.Append("</body>\r\n</html>\r\n").ToString();
    }

    // A link only for what is a number beyond doubt: digits and a leading plus.
    private string NumberLink() =>
        PhoneNumber.TryNormalise(_caller.Number, out var number) && number.All(static c => char.IsAsciiDigit(c) || c == '+')
            ? $"<a href=\"tel:{number}\">{Encode(_caller.Number)}</a>"
            : Encode(_caller.Number);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private void AddFact(string label, string value)
    {
        if (value.Length > 0)
        {
            _facts.Add((label, value));
        }
    }

    private void AddRemark(bool applies, string remark)
    {
        if (applies)
        {
            _remarks.Add(remark);
        }
    }
}
