using Postbell.Media.Sdp;
using Postbell.Telephony.CallRouting;

namespace Postbell.Telephony.Calls;

/// <summary>How a session description that was not accepted is answered.</summary>
internal static class SdpRefusal
{
    public static CallRejection Of(SdpRejection reason) => reason switch
    {
        SdpRejection.Malformed or SdpRejection.TooLong or SdpRejection.TooManyLines or SdpRejection.TooManyStreams or SdpRejection.Empty =>
            CallRejection.BadSessionDescription($"The session description was not readable: {reason}"),
        SdpRejection.NoCommonCodec => CallRejection.NotAcceptable("The audio stream offers neither PCMU nor PCMA"),
        SdpRejection.NoAudioStream => CallRejection.NotAcceptable("No audio stream was offered"),
        SdpRejection.UnsupportedTransport => CallRejection.NotAcceptable("Audio is offered only over transports other than RTP/AVP"),
        SdpRejection.NoConnectionAddress => CallRejection.NotAcceptable("The audio stream has no usable IP address"),
        SdpRejection.AddressFamilyMismatch => CallRejection.NotAcceptable("The audio stream is of another IP version than this listener"),
        _ => CallRejection.NotAcceptable($"The session description was not accepted: {reason}"),
    };
}
