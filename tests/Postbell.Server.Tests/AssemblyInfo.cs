using System.Runtime.Versioning;

// The tests look at file modes and send signals.
[assembly: SupportedOSPlatform("linux")]
