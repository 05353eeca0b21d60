using Postbell.Core;

namespace Postbell.Directory.Yaml;

/// <summary>Reads a list of codecs, the same for the whole server and for one gateway.</summary>
public static class VoiceCodecsKey
{
    /// <summary>The codecs in order of preference; null when the key is not there. G.711 must be among them: it is what every gateway speaks.</summary>
    public static IReadOnlyList<VoiceCodec>? Read(YamlSection section, string key)
    {
        var codecs = section.Choices<VoiceCodec>(key);
        if (codecs is { Count: > 0 } && !codecs.Contains(VoiceCodec.Pcmu) && !codecs.Contains(VoiceCodec.Pcma))
        {
            section.Report(key, "must have Pcmu or Pcma: what every gateway speaks, and what is left when a library is missing");
        }

        return codecs;
    }
}
