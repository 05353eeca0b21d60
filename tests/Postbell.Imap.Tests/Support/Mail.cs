namespace Postbell.Imap.Tests.Support;

/// <summary>Messages for tests, CRLF line ends.</summary>
internal static class Mail
{
    public static string Simple(string subject, string body = "Hello.") => Crlf(
        $"""
        From: Bob <bob@example.com>
        To: ann@example.com
        Subject: {subject}
        Date: Tue, 14 Nov 2023 22:13:20 +0000
        Message-ID: <{subject.Replace(' ', '.')}@example.com>

        {body}

        """);

    /// <summary>A voice message as it is composed: multipart/mixed(alternative(text, html), audio).</summary>
    public static string Voice() => Crlf(
        """
        From: "Jane Doe" <1555@pbx.example.com>
        To: Ann <ann@example.com>
        Subject: Voice message from Jane Doe
        Date: Tue, 14 Nov 2023 22:13:20 +0000
        Message-ID: <v1@example.com>
        Content-Class: voice
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="outer"

        --outer
        Content-Type: multipart/alternative; boundary="inner"

        --inner
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        You have a voice message.
        --inner
        Content-Type: text/html; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        <p>You have a voice message.</p>
        --inner--
        --outer
        Content-Type: audio/mpeg; name="voice.mp3"
        Content-Transfer-Encoding: base64
        Content-Disposition: attachment; filename="voice.mp3"
        Content-ID: <audio@example.com>

        //uQxAAAAAAA
        //uQxAAAAAAA
        --outer--

        """);

    /// <summary>A message in a message.</summary>
    public static string Forwarded() => Crlf(
        """
        From: bob@example.com
        Subject: outer
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=B

        --B
        Content-Type: text/plain

        See below.
        --B
        Content-Type: message/rfc822

        From: carol@example.com
        To: bob@example.com
        Subject: inner

        Inner text.
        --B--

        """);

    public static string Crlf(string text) => text.ReplaceLineEndings("\r\n");
}
