using System.Text;
using GenAI.Core.Verification;

namespace GenAI.Core.Answering;

/// <summary>Receives a text without its markers, and the markers.</summary>
internal interface IMarkerSink
{
    /// <summary>The next characters of the text.</summary>
    void Text(char c);

    /// <summary>A marker, with those of its numbers that sources have: ascending within a range, each once, never empty.</summary>
    void Marker(IReadOnlyList<int> numbers);
}

/// <summary>
/// Splits a model's reply into text and citation markers, in whatever pieces it comes: every split of a reply gives the same result.
/// </summary>
/// <remarks>
/// <para>A marker whose numbers no source has is removed with the white space that it leaves behind, and so are such numbers inside a marker
/// that has others. Removing never makes a new marker: <c>[9[99]9]</c> is removed whole.</para>
/// <para>In code (a run of backticks up to an equal run or the end of the line; a fence up to its closing fence) a bracket
/// behind an identifier, a closing bracket or a quote is an index, and behind an operator or opening bracket a list: both are left as they are.</para>
/// <para>A marker that the end of the reply cuts off is removed. Not safe for concurrent use; one scanner reads one reply.</para>
/// </remarks>
internal sealed class MarkerScanner(int sourceCount, IMarkerSink sink)
{
    private readonly CodeTracker _code = new();

    // White space in front of what comes next, and behind a removed marker if there was one in it.
    private readonly StringBuilder _space = new();
    private readonly StringBuilder _spaceBehind = new();
    private bool _removed;

    // Characters that may turn out to be a marker, and the markers begun in them: a nested one may be removed.
    private readonly StringBuilder _held = new();
    private readonly Stack<(int Start, MarkerSyntax Syntax, bool Nested)> _open = new();

    /// <summary>A text without anything that reads as a marker.</summary>
    public static string WithoutMarkers(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAny('[', '\u3010', '\uFF3B'))
            return text.ToString();

        var sink = new TextSink();
        var scanner = new MarkerScanner(sourceCount: 0, sink);
        scanner.Read(text);
        scanner.Complete();
        return sink.ToString();
    }

    /// <summary>Reads the next piece of the reply.</summary>
    public void Read(ReadOnlySpan<char> piece)
    {
        foreach (var c in piece)
            Read(c);
    }

    /// <summary>Ends the reply.</summary>
    public void Complete()
    {
        _open.Clear();
        _held.Clear();
        _space.Clear();
    }

    private void Read(char c)
    {
        if (_open.TryPeek(out var open))
        {
            switch (open.Syntax.Read(c))
            {
                case MarkerState.Alive:
                    _held.Append(c);
                    return;
                case MarkerState.Complete:
                    CloseMarker(open.Start, open.Syntax);
                    return;
                case MarkerState.Dead when MarkerSyntax.IsClosing(c) && open.Nested && open.Syntax.IsEmpty:
                    // The brackets around a removed marker: [[99]].
                    Remove(open.Start);
                    return;
                case MarkerState.Dead when MarkerSyntax.IsOpening(c):
                    _open.Push((_held.Length, new MarkerSyntax(), false));
                    _held.Append(c);
                    return;
                default:
                    FlushHeld();
                    break;
            }
        }

        if (MarkerSyntax.IsOpening(c) && !_code.IsCodeBracket(_space.Length > 0 || _removed))
        {
            _open.Push((0, new MarkerSyntax(), false));
            _held.Append(c);
            return;
        }

        Emit(c);
    }

    private void CloseMarker(int start, MarkerSyntax syntax)
    {
        var known = new List<int>();
        foreach (var (from, to) in syntax.Numbers)
        {
            for (var number = Math.Max(from, 1); number <= Math.Min(to, sourceCount); number++)
            {
                if (!known.Contains(number))
                    known.Add(number);
            }
        }

        if (known.Count == 0)
        {
            Remove(start);
            return;
        }

        _held.Length = start;
        FlushHeld();
        EmitSpace(next: null);
        sink.Marker(known);
        _code.Read(']');
    }

    private void Remove(int start)
    {
        _held.Length = start;
        _open.Pop();
        if (_open.TryPop(out var outer))
            _open.Push(outer with { Nested = true });
        else
            _removed = true;
    }

    private void FlushHeld()
    {
        var held = _held.ToString();
        _held.Clear();
        _open.Clear();
        foreach (var c in held)
            Emit(c);
    }

    private void Emit(char c)
    {
        if (char.IsWhiteSpace(c))
        {
            (_removed ? _spaceBehind : _space).Append(c);
            if (c == '\n')
                _code.Read(c);
            return;
        }

        EmitSpace(c);
        _code.Read(c);
        sink.Text(c);
    }

    private void EmitSpace(char? next)
    {
        var space = _space;
        if (_removed)
        {
            // Of the white space on both sides of the hole one is enough: the one that breaks more lines.
            if (space.Length == 0 || Lines(_spaceBehind) > Lines(space))
                space = _spaceBehind;
            if (next is '.' or ',' or ';' or ':' or '!' or '?' or ')' or ']' && Lines(space) == 0)
                space.Clear();
        }

        for (var i = 0; i < space.Length; i++)
        {
            if (space[i] != '\n')
                _code.Read(space[i]);
            sink.Text(space[i]);
        }

        _space.Clear();
        _spaceBehind.Clear();
        _removed = false;
    }

    private static int Lines(StringBuilder space)
    {
        var lines = 0;
        for (var i = 0; i < space.Length; i++)
            lines += space[i] == '\n' ? 1 : 0;
        return lines;
    }

    private sealed class TextSink : IMarkerSink
    {
        private readonly StringBuilder _text = new();

        public void Text(char c) => _text.Append(c);

        public void Marker(IReadOnlyList<int> numbers) => throw new InvalidOperationException("No source, so no number is known.");

        public override string ToString() => _text.ToString();
    }
}
