"""Thunderbird without a window keeps an account of the server. Arguments: HOST PORT USER PASSWORD FOLDER-FOR-ITS-PROFILE. Ends with 0 when all was right."""
import imaplib, json, os, socket, subprocess, sys, time

host, port, user, password, home = sys.argv[1:6]
profile = os.path.join(home, "profile")
os.makedirs(profile)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


marionette = free_port()
prefs = {
    "marionette.port": marionette,
    "mail.accountmanager.accounts": "account1",
    "mail.accountmanager.defaultaccount": "account1",
    "mail.account.account1.server": "server1",
    "mail.account.account1.identities": "id1",
    "mail.identity.id1.useremail": f"{user}@example.org",
    "mail.identity.id1.valid": True,
    "mail.server.server1.type": "imap",
    "mail.server.server1.hostname": host,
    "mail.server.server1.port": int(port),
    "mail.server.server1.userName": user,
    "mail.server.server1.name": "postbell",
    "mail.server.server1.socketType": 0,
    "mail.server.server1.authMethod": 3,
    "mail.server.server1.login_at_startup": False,
    "mail.server.server1.check_new_mail": False,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.spotlight.firstRunDone": True,
    "mail.winsearch.firstRunDone": True,
    "mail.shell.checkDefaultClient": False,
    "mailnews.start_page.enabled": False,
    "app.update.enabled": False,
    "app.donation.eoy.version.viewed": 999,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.proxy.type": 0,
    "network.dns.disablePrefetch": True,
    "extensions.update.enabled": False,
    "mail.rights.version": 1,
}
with open(os.path.join(profile, "user.js"), "w") as f:
    for name, value in prefs.items():
        f.write(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n")

log = open(os.path.join(home, "thunderbird.log"), "w")
program = subprocess.Popen(
    ["thunderbird", "--headless", "--no-remote", "--marionette", "--remote-allow-system-access", "--profile", profile],
    stdout=log, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, "HOME": home, "MOZ_HEADLESS": "1"}, start_new_session=True)


class Marionette:
    def __init__(self, port, within=90):
        end = time.monotonic() + within
        while True:
            try:
                self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
                break
            except OSError:
                assert program.poll() is None, "Thunderbird ended"
                assert time.monotonic() < end, "Thunderbird did not start"
                time.sleep(0.2)
        self.file = self.socket.makefile("rb")
        self.read()
        self.id = 0
        self.do("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": True}}})
        self.do("Marionette:SetContext", {"value": "chrome"})
        self.do("WebDriver:SetTimeouts", {"script": 60000})

    def read(self):
        length = b""
        while (c := self.file.read(1)) != b":":
            assert c, "Thunderbird closed the connection"
            length += c
        return json.loads(self.file.read(int(length)))

    def do(self, name, parameters):
        self.id += 1
        data = json.dumps([0, self.id, name, parameters]).encode()
        self.socket.sendall(str(len(data)).encode() + b":" + data)
        _, _, error, result = self.read()
        assert error is None, error
        return result

    def run(self, script, *args):
        """Runs a script that may wait; its value comes back."""
        whole = HEAD + "const [...args_] = [...arguments]; const done = args_.pop(); (async (...args) => {" + script + "})(...args_).then(v => done({v}), e => done({e: String(e) + ' ' + e.stack}));"
        answer = self.do("WebDriver:ExecuteAsyncScript", {"script": whole, "args": list(args), "sandbox": "system", "newSandbox": False})["value"]
        assert "e" not in answer, answer["e"]
        return answer.get("v")


HEAD = """
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const { MailUtils } = ChromeUtils.importESModule("resource:///modules/MailUtils.sys.mjs");
const server = MailServices.accounts.accounts[0].incomingServer;
const inbox = () => server.rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox);
const listener = (done) => ({
  QueryInterface: ChromeUtils.generateQI(["nsIUrlListener"]),
  OnStartRunningUrl() {},
  OnStopRunningUrl(url, status) { done(status); },
});
const update = (folder) => new Promise((done, fail) => {
  folder.QueryInterface(Ci.nsIMsgImapMailFolder).updateFolderWithListener(null, listener((status) => (Components.isSuccessCode(status) ? done() : fail(new Error("update: " + status)))));
});
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const { setTimeout } = ChromeUtils.importESModule("resource://gre/modules/Timer.sys.mjs");
const until = async (condition) => { for (let i = 0; i < 300; i++) { const v = await condition(); if (v) { return v; } await sleep(100); } throw new Error("it never happened: " + condition); };
const find = (folder, subject) => [...folder.messages].find((m) => m.mime2DecodedSubject === subject);
"""

m = imaplib.IMAP4(host, int(port))
m.login(user, password)


def ok(answer):
    assert answer[0] == "OK", answer
    return answer[1]


def flags(subject):
    ok(m.select("INBOX"))
    found = ok(m.search(None, "SUBJECT", f'"{subject}"'))[0].split()
    return [set(imaplib.ParseFlags(ok(m.fetch(n, "(FLAGS)"))[0])) - {b"\\Recent"} for n in found]


def until(what, condition, within=30):
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.2)


try:
    tag = os.urandom(4).hex()
    subject = f"from the server {tag}"
    text = f"From: Bob <bob@example.org>\r\nTo: {user}@example.org\r\nSubject: {subject}\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\nMessage-ID: <{tag}@example.org>\r\n\r\nneedle {tag}\r\n"
    ok(m.append("INBOX", None, None, text.encode()))
    tb = Marionette(marionette)
    tb.run("""
      const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
      login.init("imap://" + args[0], null, "imap://" + args[0], args[1], args[2], "", "");
      await Services.logins.addLoginAsync(login);
      server.performExpand(null);
      await until(() => inbox());
      await update(inbox());
    """, host, user, password)

    # The message of the server, with its text.
    body = tb.run("""
      const message = await until(() => find(inbox(), args[0]));
      const uri = inbox().getUriForMsg(message);
      const service = MailServices.messageServiceFromURI(uri);
      const text = await new Promise((done) => {
        let all = "";
        service.streamMessage(uri, {
          QueryInterface: ChromeUtils.generateQI(["nsIStreamListener"]),
          onStartRequest() {},
          onDataAvailable(request, stream, offset, count) {
            const s = Cc["@mozilla.org/scriptableinputstream;1"].createInstance(Ci.nsIScriptableInputStream);
            s.init(stream);
            all += s.read(count);
          },
          onStopRequest() { done(all); },
        }, null, null, false, "", false);
      });
      return text;
    """, subject)
    assert f"needle {tag}" in body, body

    # Flags from Thunderbird to the server, and back.
    tb.run("""
      const message = find(inbox(), args[0]);
      inbox().markMessagesFlagged([message], true);
      inbox().markMessagesRead([message], true);
    """, subject)
    until("flags of Thunderbird", lambda: flags(subject) == [{b"\\Seen", b"\\Flagged"}])
    number = ok(m.search(None, "SUBJECT", f'"{subject}"'))[0]
    ok(m.store(number, "-FLAGS", r"(\Flagged)"))
    ok(m.store(number, "+FLAGS", r"(\Answered)"))
    tb.run("await until(async () => { await update(inbox()); const h = find(inbox(), args[0]); return !h.isFlagged && (h.flags & Ci.nsMsgMessageFlags.Replied); });", subject)

    # A message of Thunderbird's own, a folder of its own, and the way to the trash.
    own = f"from Thunderbird {tag}"
    file = os.path.join(home, "own.eml")
    with open(file, "w", newline="") as f:
        f.write(text.replace(subject, own).replace(f"<{tag}@", f"<own.{tag}@"))
    tb.run("""
      const file = Cc["@mozilla.org/file/local;1"].createInstance(Ci.nsIFile);
      file.initWithPath(args[0]);
      await new Promise((done, fail) => MailServices.copy.copyFileMessage(file, inbox(), null, false, Ci.nsMsgMessageFlags.Read, "", {
        QueryInterface: ChromeUtils.generateQI(["nsIMsgCopyServiceListener"]),
        onStartCopy() {}, onProgress() {}, setMessageKey() {}, getMessageId() { return null; },
        onStopCopy(status) { Components.isSuccessCode(status) ? done() : fail(new Error("append: " + status)); },
      }, null));
      server.rootFolder.createSubfolder("Thünder & Blitz", null);
      await until(() => server.rootFolder.subFolders.some((f) => f.name === "Thünder & Blitz"));
    """, file)
    until("the message of Thunderbird", lambda: flags(own) == [{b"\\Seen"}])
    assert any(b"Th&APw-nder &- Blitz" in line for line in ok(m.list())), m.list()
    tb.run("""
      const target = server.rootFolder.subFolders.find((f) => f.name === "Thünder & Blitz");
      const message = await until(async () => { await update(inbox()); return find(inbox(), args[0]); });
      await new Promise((done, fail) => MailServices.copy.copyMessages(inbox(), [message], target, true, {
        QueryInterface: ChromeUtils.generateQI(["nsIMsgCopyServiceListener"]),
        onStartCopy() {}, onProgress() {}, setMessageKey() {}, getMessageId() { return null; },
        onStopCopy(status) { Components.isSuccessCode(status) ? done() : fail(new Error("move: " + status)); },
      }, null, false));
    """, own)
    until("the move", lambda: flags(own) == [])
    ok(m.select('"Th&APw-nder &- Blitz"'))
    assert len(ok(m.search(None, "SUBJECT", f'"{own}"'))[0].split()) == 1

    # New mail while it waits (IDLE).
    late = f"late {tag}"
    ok(m.append("INBOX", None, None, text.replace(subject, late).replace(f"<{tag}@", f"<late.{tag}@").encode()))
    tb.run("await until(() => find(inbox(), args[0]));", late)
    print("all right")
finally:
    program.terminate()
    try:
        program.wait(20)
    except subprocess.TimeoutExpired:
        program.kill()
