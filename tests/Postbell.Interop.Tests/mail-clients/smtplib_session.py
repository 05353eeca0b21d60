"""What mail programs and mail servers say at the SMTP doors, good and bad. Arguments: SUBMISSION-PORT INTAKE-PORT LMTP-PORT LMTP-SOCKET CA-FILE USER PASSWORD MARK.
USER's address is USER@example.test, and 1004@example.test and 1005@example.test exist. Ends with 0 when all was right."""
import base64, smtplib, ssl, sys

submission, intake, lmtp = (int(p) for p in sys.argv[1:4])
socket_path, ca, user, password, mark = sys.argv[4:9]
own = user + "@example.test"
context = ssl.create_default_context(cafile=ca)
context.check_hostname = False


def code(answer, wanted, enhanced=""):
    got, text = answer
    assert got == wanted and text.decode().startswith(enhanced), (answer, wanted, enhanced)


def connect(port, signed_in=False):
    s = smtplib.SMTP("127.0.0.1", port, local_hostname="client.partner.test", timeout=20)
    code(s.ehlo(), 250)
    if signed_in:
        s.starttls(context=context)
        s.ehlo()
        s.login(user, password)
    return s


def replies(s, count):
    return [s.getreply()[0] for _ in range(count)]


def message(name):
    return b"From: <%s>\r\nTo: x@example.test\r\nSubject: %s %s\r\nMessage-ID: <%s.%s@client>\r\n\r\n" % (own.encode(), mark.encode(), name, mark.encode(), name)


# What is offered, and what only within TLS.
s = connect(submission)
assert s.esmtp_features["size"] == str(2 << 20), s.esmtp_features
for word in ("pipelining", "8bitmime", "smtputf8", "chunking", "dsn", "starttls", "enhancedstatuscodes"):
    assert word in s.esmtp_features, word
assert "auth" not in s.esmtp_features
code(s.docmd("AUTH", "PLAIN " + base64.b64encode(b"\0a\0b").decode()), 538, "5.7.11")
code(s.docmd("MAIL", "FROM:<%s>" % own), 530, "5.7.0")
s.starttls(context=context)
s.ehlo()
assert "starttls" not in s.esmtp_features and "PLAIN" in s.esmtp_features["auth"].split()
code(s.docmd("STARTTLS"), 503, "5.5.1")
try:
    s.login(user, "wrong")
    assert False, "a wrong password was taken"
except smtplib.SMTPAuthenticationError as refused:
    assert refused.smtp_code == 535, refused
s.user, s.password = user, password
if "LOGIN" in s.esmtp_features["auth"].split():
    code(s.auth("LOGIN", s.auth_login), 235)
else:
    s.login(user, password)
code(s.docmd("AUTH", "PLAIN"), 503)
s.quit()

# The same within TLS from the first byte is curl's part; here the envelope.
s = connect(submission, signed_in=True)
code(s.docmd("MAIL", "FROM:<somebody.else@example.test>"), 553, "5.7.1")
code(s.docmd("MAIL", "FROM:<%s> SIZE=99999999" % own), 552, "5.3.4")
code(s.docmd("MAIL", "FROM:<%s> FLAVOUR=sweet" % own), 555, "5.5.4")
code(s.docmd("MAIL", "FROM:<> SMTPUTF8 BODY=8BITMIME"), 250, "2.1.0")
code(s.docmd("RCPT", "TO:<nobody@example.test>"), 550, "5.1.1")
code(s.docmd("RCPT", "TO:<x@[192.0.2.1]>"), 550, "5.1.2")
code(s.docmd("RSET"), 250)

# 8BITMIME and SMTPUTF8: the bytes arrive as they were.
refused = s.sendmail(own, ["1004@example.test", "1005@example.test"], message(b"utf8") + "Gr\u00fc\u00dfe\r\n".encode(), mail_options=["SMTPUTF8", "BODY=8BITMIME"])
assert refused == {}, refused

# One larger than announced limits allow, without SIZE.
code(s.docmd("MAIL", "FROM:<%s>" % own), 250)
code(s.docmd("RCPT", "TO:<1004@example.test>"), 250)
code(s.docmd("DATA"), 354)
s.send(message(b"large") + (b"x" * 998 + b"\r\n") * 2200 + b".\r\n")
code(s.getreply(), 552, "5.3.4")
s.quit()

# PIPELINING in one write, with one recipient that does not exist.
s = connect(intake)
s.send(b"MAIL FROM:<ann@partner.test>\r\nRCPT TO:<1004@example.test>\r\nRCPT TO:<nobody@example.test>\r\nRCPT TO:<bob@partner.test>\r\nDATA\r\n")
assert replies(s, 5) == [250, 250, 550, 550, 354]
s.send(message(b"pipelined") + b"..\r\n...\r\n.\r\nNOOP\r\nQUIT\r\n")
assert replies(s, 3) == [250, 250, 221]
s.close()

# CHUNKING: dots are dots, a chunk may end within a line, and after an error the rest is swallowed.
s = connect(intake)
s.send(b"BDAT 5\r\nQUIT\n")
code(s.getreply(), 503, "5.5.1")
code(s.docmd("MAIL", "FROM:<ann@partner.test> BODY=8BITMIME"), 250)
code(s.docmd("RCPT", "TO:<1004@example.test>"), 250)
whole = message(b"chunked") + b".\r\n..\r\nend\r\n"
s.send(b"BDAT %d\r\n" % 100 + whole[:100])
code(s.getreply(), 250, "2.0.0")
code(s.docmd("DATA"), 503, "5.5.1")
s.send(b"BDAT %d LAST\r\n" % len(whole[100:]) + whole[100:])
code(s.getreply(), 250, "2.0.0")
code(s.docmd("MAIL", "FROM:<ann@partner.test>"), 250)
code(s.docmd("RCPT", "TO:<1004@example.test>"), 250)
s.send(b"BDAT 12 LAST\r\n" + b"Sub: x\n\nbare")
code(s.getreply(), 550, "5.6.0")
code(s.docmd("NOOP"), 250)
s.send(b"BDAT much\r\n")
code(s.getreply(), 501)
assert s.sock.recv(1) == b""
s.close()

# More recipients than one message may have.
s = connect(intake)
code(s.docmd("MAIL", "FROM:<ann@partner.test>"), 250)
s.send(b"RCPT TO:<1004@example.test>\r\n" * 1001)
assert replies(s, 1001) == [250] * 1000 + [452]
code(s.docmd("RSET"), 250)
s.quit()

# Out of order, and what is no command.
s = connect(intake)
code(s.docmd("RCPT", "TO:<1004@example.test>"), 503, "5.5.1")
code(s.docmd("DATA"), 503, "5.5.1")
code(s.docmd("MAIL", "FROM:<ann@partner.test>"), 250)
code(s.docmd("MAIL", "FROM:<ann@partner.test>"), 503, "5.5.1")
code(s.docmd("DATA"), 503, "5.5.1")
code(s.docmd("RCPT", "TO:<>"), 553, "5.1.3")
code(s.docmd("RCPT", "TO:1004@example.test"), 501, "5.5.4")
code(s.docmd("WHAT"), 500, "5.5.2")
code(s.docmd("AUTH", "PLAIN x"), 500, "5.5.2")
code(s.docmd("EHLO", "two words"), 501)
code(s.docmd("NOOP", "x" * 5000), 500, "5.5.6")
code(s.docmd("VRFY", "1004"), 252, "2.")
code(s.docmd("EXPN", "all"), 502, "5.5.1")
code(s.docmd("HELP"), 214)
s.quit()
s = connect(intake)
for _ in range(19):
    code(s.docmd("NONSENSE"), 500)
s.send(b"NONSENSE\r\n")
assert replies(s, 2) == [500, 421]
s.close()

# Commands put behind STARTTLS in the clear are believed by nobody.
s = connect(submission)
s.send(b"STARTTLS\r\nMAIL FROM:<%s>\r\n" % own.encode())
code(s.getreply(), 501, "5.5.1")
assert s.sock.recv(1) == b""
s.close()

# LMTP has one answer for each recipient, over TCP and over the socket.
for where in ((socket_path, 0), ("127.0.0.1", lmtp)):
    s = smtplib.LMTP(where[0], where[1], local_hostname="client.partner.test")
    code(s.ehlo(), 250)
    code(s.docmd("HELO", "client.partner.test"), 500)
    s.send(b"MAIL FROM:<>\r\nRCPT TO:<1004@example.test>\r\nRCPT TO:<nobody@example.test>\r\nRCPT TO:<1005+box@example.test>\r\nDATA\r\n")
    assert replies(s, 5) == [250, 250, 550, 250, 354]
    s.send(message(b"lmtp%d" % where[1]) + b"hello\r\n.\r\n")
    assert replies(s, 2) == [250, 250]
    s.quit()
print("all right")
