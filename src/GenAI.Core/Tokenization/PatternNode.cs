using System.Runtime.CompilerServices;

namespace GenAI.Core.Tokenization;

/// <summary>A step of a backtracking matcher: matches at a position and asks the next step for the rest.</summary>
internal abstract class PatternNode
{
    /// <summary>The end of the match of this step and all that follow, or -1.</summary>
    public abstract int Match(ReadOnlySpan<char> text, int at);
}

/// <summary>The end of a pattern.</summary>
internal sealed class AcceptNode : PatternNode
{
    public override int Match(ReadOnlySpan<char> text, int at) => at;
}

/// <summary>One character of a set.</summary>
internal sealed class SetNode(CharacterSet set, PatternNode next) : PatternNode
{
    public override int Match(ReadOnlySpan<char> text, int at)
    {
        if (at >= text.Length)
            return -1;
        var codePoint = CodePoints.At(text, at);
        return set.Contains(codePoint) ? next.Match(text, at + CodePoints.Units(codePoint)) : -1;
    }
}

/// <summary>Characters of a set, as many as can be (or as few), in a loop and not by recursion: runs can be a million long.</summary>
internal sealed class SetLoopNode(CharacterSet set, int min, int max, LoopKind kind, PatternNode next) : PatternNode
{
    public override int Match(ReadOnlySpan<char> text, int at)
    {
        var count = 0;
        var end = at;
        while (count < (kind == LoopKind.Lazy ? min : max) && Take(text, ref end))
            count++;
        if (count < min)
            return -1;

        while (true)
        {
            var matched = next.Match(text, end);
            if (matched >= 0 || kind == LoopKind.Possessive)
                return matched;
            if (kind == LoopKind.Lazy)
            {
                if (count == max || !Take(text, ref end))
                    return -1;
                count++;
            }
            else
            {
                if (count == min)
                    return -1;
                count--;
                end -= CodePoints.Units(CodePoints.Before(text, end));
            }
        }
    }

    private bool Take(ReadOnlySpan<char> text, ref int end)
    {
        if (end >= text.Length)
            return false;
        var codePoint = CodePoints.At(text, end);
        if (!set.Contains(codePoint))
            return false;
        end += CodePoints.Units(codePoint);
        return true;
    }
}

/// <summary>The first alternative that leads to a match.</summary>
internal sealed class AlternativesNode(PatternNode[] alternatives) : PatternNode
{
    public override int Match(ReadOnlySpan<char> text, int at)
    {
        foreach (var alternative in alternatives)
        {
            if (alternative.Match(text, at) is var end and >= 0)
                return end;
        }

        return -1;
    }
}

/// <summary>A group, any number of times.</summary>
internal sealed class GroupLoopNode(bool lazy, PatternNode next) : PatternNode
{
    /// <summary>The group, whose next step is this loop again.</summary>
    public PatternNode? Body { get; set; }

    public override int Match(ReadOnlySpan<char> text, int at)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (lazy && next.Match(text, at) is var early and >= 0)
            return early;
        var end = Body!.Match(text, at);
        return end >= 0 || lazy ? end : next.Match(text, at);
    }
}

/// <summary>A group that is not tried again once it has matched.</summary>
internal sealed class AtomicNode(PatternNode body, PatternNode next) : PatternNode
{
    public override int Match(ReadOnlySpan<char> text, int at) => body.Match(text, at) is var end and >= 0 ? next.Match(text, end) : -1;
}

/// <summary>What must, or must not, follow; or stand before, <paramref name="behind"/> code points back.</summary>
internal sealed class LookNode(PatternNode body, bool negative, int behind, PatternNode next) : PatternNode
{
    public override int Match(ReadOnlySpan<char> text, int at)
    {
        var from = at;
        var count = behind;
        for (; count > 0 && from > 0; count--)
            from -= CodePoints.Units(CodePoints.Before(text, from));
        var found = count == 0 && body.Match(text, from) is var end and >= 0 && (behind == 0 || end == at);
        return found != negative ? next.Match(text, at) : -1;
    }
}

/// <summary>A place in the text.</summary>
internal sealed class AnchorNode(char anchor, CharacterSet word, PatternNode next) : PatternNode
{
    public override int Match(ReadOnlySpan<char> text, int at) => Holds(text, at) ? next.Match(text, at) : -1;

    private bool Holds(ReadOnlySpan<char> text, int at) => anchor switch
    {
        '^' => at == 0 || text[at - 1] == '\n',
        '$' => at == text.Length || text[at] == '\n',
        'A' => at == 0,
        'z' => at == text.Length,
        'Z' => at == text.Length || (at == text.Length - 1 && text[at] == '\n'),
        _ => (at > 0 && word.Contains(CodePoints.Before(text, at))) != (at < text.Length && word.Contains(CodePoints.At(text, at))) == (anchor == 'b'),
    };
}

/// <summary>How a repetition gives back what it took.</summary>
internal enum LoopKind
{
    Greedy,
    Lazy,
    Possessive,
}
