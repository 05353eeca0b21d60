using System.Globalization;
using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Responses;

/// <summary>One <c>* n FETCH (...)</c>, RFC 3501 section 7.4.2.</summary>
internal static class FetchResponse
{
    /// <summary>Writes the items of one message; returns how many could not be given.</summary>
    /// <param name="session">Where to.</param>
    /// <param name="index">Sequence number less one.</param>
    /// <param name="items">What, in the order asked for.</param>
    /// <param name="content">The message, null when no item needs it.</param>
    /// <param name="ct">Ends the writing.</param>
    public static async Task<int> WriteAsync(
        ImapSession session, int index, IReadOnlyList<FetchItem> items, MessageContent? content, CancellationToken ct)
    {
        var opened = new IOpenedItem?[items.Count];
        var leftOut = 0;
        for (var i = 0; i < items.Count; i++)
        {
            opened[i] = await OpenAsync(items[i], content, ct);
            leftOut += opened[i] is { IsLeftOut: true } ? 1 : 0;
        }

        if (leftOut == items.Count)
        {
            return leftOut;
        }

        var writer = session.Writer;
        writer.Raw("* "u8).Number(index + 1).Raw(" FETCH ("u8);
        var first = true;
        for (var i = 0; i < items.Count; i++)
        {
            if (opened[i] is { IsLeftOut: true })
            {
                continue;
            }

            writer.Raw(first ? [] : " "u8);
            first = false;
            if (opened[i] is { } item)
            {
                await item.WriteAsync(session.Connection, ct);
            }
            else
            {
                Write(writer, session.Selected, session.Selected.Rows[index], items[i].Kind, content?.Message);
            }
        }

        writer.Raw(")\r\n"u8);
        return leftOut;
    }

    /// <summary>Looks an item up that stands outside of what the store keeps with a message; null for the others.</summary>
    private static async ValueTask<IOpenedItem?> OpenAsync(FetchItem item, MessageContent? content, CancellationToken ct) => item.Kind switch
    {
        FetchKind.Section => await SectionResponse.OpenAsync(item, content!, ct),
        FetchKind.Binary or FetchKind.BinarySize => await BinaryResponse.OpenAsync(item, content!, ct),
        FetchKind.Preview or FetchKind.LazyPreview => await PreviewResponse.OpenAsync(item, content!, ct),
        _ => null,
    };

    /// <summary>Writes items that the row of the message answers alone: UID, flags and MODSEQ. Nothing is allocated for a message.</summary>
    public static void WriteRow(ImapSession session, int index, IReadOnlyList<FetchItem> items)
    {
        var writer = session.Writer;
        var row = session.Selected.Rows[index];
        writer.Raw("* "u8).Number(index + 1).Raw(" FETCH ("u8);
        for (var i = 0; i < items.Count; i++)
        {
            writer.Raw(i > 0 ? " "u8 : []);
            Write(writer, session.Selected, row, items[i].Kind, null);
        }

        writer.Raw(")\r\n"u8);
    }

    private static void Write(ResponseWriter writer, SelectedFolder folder, MessageRow row, FetchKind kind, StoredMessage? message)
    {
        switch (kind)
        {
            case FetchKind.Uid:
                writer.Raw("UID "u8).Number(row.Uid);
                break;
            case FetchKind.Flags:
                folder.WriteFlags(writer, row);
                break;
            case FetchKind.ModSeq:
                SelectedFolder.WriteModSeq(writer, row);
                break;
            case FetchKind.InternalDate:
                writer.Text("INTERNALDATE \"").Text(Date(message!.InternalDate)).Text("\"");
                break;
            case FetchKind.Size:
                writer.Raw("RFC822.SIZE "u8).Number(message!.Size);
                break;
            case FetchKind.SaveDate:
                WriteSaveDate(writer.Raw("SAVEDATE "u8), message!.SavedAt);
                break;
            case FetchKind.EmailId:
                writer.Raw("EMAILID ("u8).Text(message!.EmailId).Raw(")"u8);
                break;
            case FetchKind.ThreadId:
                writer.Raw("THREADID "u8).Text(message!.ThreadId is { } thread ? $"({thread})" : "NIL");
                break;
            case FetchKind.Envelope:
                EnvelopeResponse.Write(writer.Raw("ENVELOPE "u8), message!.Envelope);
                break;
            case FetchKind.Body:
                BodyStructureResponse.Write(writer.Raw("BODY "u8), message!.Structure, extended: false);
                break;
            default:
                BodyStructureResponse.Write(writer.Raw("BODYSTRUCTURE "u8), message!.Structure, extended: true);
                break;
        }
    }

    /// <summary>NIL where an older version put the message into its folder and kept no date (RFC 8514 section 4.2).</summary>
    private static void WriteSaveDate(ResponseWriter writer, DateTimeOffset? saved) =>
        writer.Text(saved is { } moment ? $"\"{Date(moment)}\"" : "NIL");

    /// <summary><c>" 1-Feb-1994 02:44:25 -0700"</c>: the day takes two places.</summary>
    private static string Date(DateTimeOffset moment) => string.Create(
        CultureInfo.InvariantCulture,
        $"{moment.Day,2}-{moment:MMM-yyyy HH:mm:ss} {(moment.Offset < TimeSpan.Zero ? '-' : '+')}{moment.Offset:hhmm}");
}
