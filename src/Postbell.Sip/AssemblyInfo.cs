using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Postbell.Sip.Tests")]
