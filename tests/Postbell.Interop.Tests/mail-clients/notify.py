"""Sends a message and asks to be told when it has arrived (RFC 3461). Arguments: PORT FROM TO MARK."""
import smtplib, sys

port, sender, recipient, mark = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
s = smtplib.SMTP("127.0.0.1", port, local_hostname="client.partner.test", timeout=20)
text = "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\nMessage-ID: <%s@client>\r\n\r\nhello\r\n" % (sender, recipient, mark, mark)
refused = s.sendmail(sender, [recipient], text, mail_options=["RET=HDRS", "ENVID=" + mark], rcpt_options=["NOTIFY=SUCCESS,FAILURE", "ORCPT=rfc822;" + recipient])
assert refused == {}, refused
s.quit()
