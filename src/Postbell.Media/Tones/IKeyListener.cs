namespace Postbell.Media.Tones;

/// <summary>Hears of keys found in sound.</summary>
internal interface IKeyListener
{
    /// <summary>A key went down.</summary>
    void OnKeyDown(char key);

    /// <summary>It came up again, after so many samples of 8000 Hz.</summary>
    void OnKeyUp(char key, int samples);
}
