namespace Postbell.Media.Engine;

/// <summary>How an engine thread waits for its next deadline.</summary>
internal interface IEngineSleep : IDisposable
{
    /// <summary>Called once on the engine thread before it first waits.</summary>
    void Prepare();

    /// <summary>Waits for some time (null: without end) or until <see cref="Wake"/>.</summary>
    void Wait(TimeSpan? time);

    /// <summary>Ends the wait that runs or the next one. Any thread.</summary>
    void Wake();
}
