namespace Postbell.Sip.Transactions;

/// <summary>One row of a state table: in this state, on this input, go there and do that.</summary>
internal readonly record struct Transition<TState, TInput, TMachine>(TState State, TInput Input, TState Next, Action<TMachine>? Action)
    where TState : struct, Enum
    where TInput : struct, Enum;

/// <summary>A state machine as literal rows, the way the figures of RFC 3261 section 17 draw it. An input without a row changes nothing.</summary>
internal sealed class TransitionTable<TState, TInput, TMachine>
    where TState : struct, Enum
    where TInput : struct, Enum
{
    private readonly Transition<TState, TInput, TMachine>?[,] _cells;

    public TransitionTable(params Transition<TState, TInput, TMachine>[] rows)
    {
        _cells = new Transition<TState, TInput, TMachine>?[Enum.GetValues<TState>().Length, Enum.GetValues<TInput>().Length];
        foreach (var row in rows)
        {
            _cells[Index(row.State), Index(row.Input)] = row;
        }
    }

    /// <summary>Takes one step; the state is changed before the action runs.</summary>
    public void Fire(ref TState state, TInput input, TMachine machine)
    {
        if (_cells[Index(state), Index(input)] is { } row)
        {
            state = row.Next;
            row.Action?.Invoke(machine);
        }
    }

    private static int Index<T>(T value)
        where T : struct, Enum => System.Runtime.CompilerServices.Unsafe.As<T, int>(ref value);
}
