using System.Buffers;

namespace GenAI.Core.Onnx.Running;

/// <summary>One sequence of tokens that waits to be run.</summary>
/// <param name="call">Whom the result goes to.</param>
/// <param name="tokens">The ids, in an array of the shared pool.</param>
/// <param name="length">How many of them there are.</param>
internal sealed class WorkItem(WorkCall call, int[] tokens, int length)
{
    private int[]? _tokens = tokens;

    public WorkCall Call { get; } = call;

    public int Length { get; } = length;

    /// <summary>Where the second text of a pair begins; the length if there is none.</summary>
    public int SecondText { get; init; } = length;

    /// <summary>The tokens at the start that pooling leaves out, because they are the prompt's.</summary>
    public int Unpooled { get; init; }

    /// <summary>Which of the call's results this is for.</summary>
    public int Index { get; init; }

    /// <summary>When it was put in line, a timestamp.</summary>
    public long Arrived { get; set; }

    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Length);

    /// <summary>Gives the array back; the tokens are gone.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _tokens, null) is { } array)
            ArrayPool<int>.Shared.Return(array);
    }
}
