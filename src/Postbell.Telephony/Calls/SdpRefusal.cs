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
        SdpRejection.UnsupportedTransport => CallRejection.NotAcceptable("Audio is offered only over transports other than RTP/AVP and RTP/SAVP"),
        SdpRejection.SecurityForbidden => CallRejection.MediaSecurity("Only SRTP is offered, and mediaSecurity of the gateway is Forbidden"),
        SdpRejection.SecurityRequired => CallRejection.MediaSecurity("No usable SRTP is offered, and mediaSecurity of the gateway is Required"),
        SdpRejection.SecurityUnavailable => CallRejection.MediaSecurity("SRTP needs the library libsrtp2, which is not installed here"),
        SdpRejection.KeysInClear => CallRejection.MediaSecurity("SRTP keys are taken over TLS only, unless allowSdesOverClear of the gateway is set"),
        SdpRejection.NoUsableKey => CallRejection.MediaSecurity("SRTP is offered without a crypto attribute that can be used"),
        SdpRejection.NoConnectionAddress => CallRejection.NotAcceptable("The audio stream has no usable IP address"),
        SdpRejection.AddressFamilyMismatch => CallRejection.NotAcceptable("The audio stream is of another IP version than this listener"),
        _ => CallRejection.NotAcceptable($"The session description was not accepted: {reason}"),
    };
}
