using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Postbell.Sip.Tests")]
[assembly: InternalsVisibleTo("Postbell.Scenarios.Tests")]
