namespace Postbell.Smtp.Protocol;

/// <summary>What is wrong with the text of a message.</summary>
internal enum TextFault
{
    None,

    /// <summary>CR without LF. Programs that take it for a line end see other messages than we do: the way of SMTP smuggling.</summary>
    BareCr,

    /// <summary>LF without CR; likewise.</summary>
    BareLf,

    /// <summary>A line is longer than allowed.</summary>
    LineTooLong,
}
