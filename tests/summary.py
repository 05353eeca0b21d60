"""Adds up the trx files of one run: prints what failed and why, and ends with the one line that says how many passed and failed."""
import pathlib
import sys
import xml.etree.ElementTree as xml

NS = {"t": "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"}


def outcome_counts(tree):
    """Passed, failed, skipped of one file, and the failed tests with their messages."""
    passed = skipped = 0
    failed = []
    for result in tree.iterfind(".//t:UnitTestResult", NS):
        outcome = result.get("outcome")
        if outcome == "Passed":
            passed += 1
        elif outcome == "NotRunnable":
            # An explicit test: a helper process that another test starts.
            continue
        elif outcome == "NotExecuted":
            skipped += 1
            print(f"SKIPPED {result.get('testName')}")
        else:
            message = result.findtext(".//t:ErrorInfo/t:Message", "", NS).strip()
            stack = result.findtext(".//t:ErrorInfo/t:StackTrace", "", NS).strip()
            failed.append((result.get("testName"), message, stack))
    return passed, failed, skipped


def main(folder):
    passed = failures = skipped = 0
    for exit_file in sorted(folder.glob("*.exit")):
        name, status = exit_file.stem, int(exit_file.read_text())
        trx, failed = folder / f"{name}.trx", []
        if trx.exists():
            try:
                ok, failed, left_out = outcome_counts(xml.parse(trx))
                passed, skipped = passed + ok, skipped + left_out
            except xml.ParseError as fault:
                failed = [(name, f"its result file cannot be read: {fault}", "")]
        if status != 0 and not failed:
            # It crashed, hung, or failed outside of any test.
            log = (folder / f"{name}.log").read_text(errors="replace").strip().splitlines()
            failed = [(name, f"the test program ended with {status} ({'time is up' if status == 124 else 'see its log'})", "\n".join(log[-30:]))]
        for test, message, stack in failed:
            print(f"\nFAILED {test}\n{message}\n{stack}")
        failures += len(failed)
    print()
    print(f"{passed} passed, {failures} failed" + (f", {skipped} skipped" if skipped else ""))
    return 0 if passed and not failures and not skipped else 1


sys.exit(main(pathlib.Path(sys.argv[1])))
