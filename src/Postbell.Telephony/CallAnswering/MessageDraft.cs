using Postbell.Delivery;
using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Telephony.Calls;

namespace Postbell.Telephony.CallAnswering;

/// <summary>What a call knows about the message it leaves.</summary>
internal static class MessageDraft
{
    public static MessageEnvelope Of(InboundCall call, MessageKind kind)
    {
        var route = call.Route;
        return new MessageEnvelope
        {
            Id = call.Id,
            Kind = kind,
            AccountId = route.Person.AccountId,
            RecipientName = route.Person.DisplayName,
            RecipientAddress = route.Person.EmailAddress,
            CallerNumber = route.CallingParty.Number,
            CallerName = route.Caller?.DisplayName ?? route.CallingParty.Name,
            CallerAddress = route.Caller?.EmailAddress,
            CalledNumber = route.Person.Extension,
            ReceivedAt = call.StartedAt,
            CallId = call.CallId,
            Format = route.DialPlan.AudioCodec switch
            {
                AudioCodec.Wav => AttachmentFormat.Wav,
                AudioCodec.G711 => AttachmentFormat.G711,
                AudioCodec.Opus => AttachmentFormat.Opus,
                _ => AttachmentFormat.Mp3,
            },
            LevelRecording = route.DialPlan.LevelRecordings,
            TrimSilence = route.DialPlan.TrimSilence,
            Language = route.DialPlan.DefaultLanguage,
            TimeZone = route.DialPlan.TimeZone ?? call.ServerTimeZone,
            GatewayName = route.Gateway.Name,
            PolicyText = route.Policy.VoiceMailText,
        };
    }
}
