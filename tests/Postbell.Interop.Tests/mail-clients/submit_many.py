"""Submits messages one after the other and prints the number of each that was taken. Every fifth goes to no@elsewhere.test, the others to yes@.
Arguments: PORT CA-FILE USER PASSWORD COUNT MARK. Ends with 0 also when the server goes in between."""
import smtplib, ssl, sys

port, ca, user, password, count, mark = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]), sys.argv[6]
context = ssl.create_default_context(cafile=ca)
context.check_hostname = False
own = user + "@example.test"
try:
    s = smtplib.SMTP("127.0.0.1", port, local_hostname="client.partner.test", timeout=20)
    s.starttls(context=context)
    s.login(user, password)
    for i in range(count):
        to = ("no" if i % 5 == 0 else "yes") + "@elsewhere.test"
        s.sendmail(own, [to], "From: <%s>\r\nTo: <%s>\r\nSubject: %s.%d.\r\n\r\nhello\r\n" % (own, to, mark, i))
        print(i, flush=True)
except (smtplib.SMTPException, OSError) as gone:
    print("gone", gone, file=sys.stderr)
