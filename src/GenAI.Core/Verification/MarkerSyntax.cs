using System.Globalization;

namespace GenAI.Core.Verification;

/// <summary>What the characters read so far can be.</summary>
internal enum MarkerState
{
    /// <summary>Not a marker, whatever follows.</summary>
    Dead,

    /// <summary>The beginning of a marker.</summary>
    Alive,

    /// <summary>A whole marker, closing bracket included.</summary>
    Complete,
}

/// <summary>
/// Recognises a citation marker one character at a time, from behind its opening bracket. Besides <c>[1]</c>, <c>[1, 2]</c> and
/// <c>[1-3]</c> models write <c>[^1]</c>, <c>[Source 1]</c>, <c>[Source 1: a title]</c>, <c>【1】</c> and <c>【4:0†name】</c>.
/// </summary>
internal sealed class MarkerSyntax
{
    /// <summary>Longest run of free text behind a label or dagger; a marker longer than that is prose.</summary>
    private const int MaxTailLength = 120;

    private const int LongestWord = 9;

    private static readonly string[] Labels = ["source", "sources", "src", "ref", "refs", "reference", "document", "doc", "passage", "chunk", "citation", "cite", "no"];

    private enum Step
    {
        Start, Caret, Word, Label, Number, AfterNumber, Dash, RangeEnd, AfterRange, Separator, Colon, Tail,
    }

    private readonly List<(int From, int To)> _numbers = [];
    private Step _step = Step.Start;
    private string _word = "";
    private bool _hasLabel;
    private int _from;
    private int _current;
    private int _tailLength;

    /// <summary>The numbers of a complete marker, as ranges with both ends included.</summary>
    public IReadOnlyList<(int From, int To)> Numbers => _numbers;

    /// <summary>Whether nothing but the opening bracket was read.</summary>
    public bool IsEmpty => _step == Step.Start;

    public static bool IsOpening(char c) => c is '[' or '\u3010' or '\uFF3B';

    public static bool IsClosing(char c) => c is ']' or '\u3011' or '\uFF3D';

    public MarkerState Read(char c)
    {
        if (IsClosing(c))
            return Finish();
        if (_step == Step.Tail)
            return c is '\n' or '\r' or '`' || IsOpening(c) || ++_tailLength > MaxTailLength ? MarkerState.Dead : MarkerState.Alive;
        if (char.IsDigit(c))
            return Digit(CharUnicodeInfo.GetDecimalDigitValue(c));
        if (char.IsAsciiLetter(c))
            return Letter(char.ToLowerInvariant(c));

        return Symbol(c) ? MarkerState.Alive : MarkerState.Dead;
    }

    private MarkerState Digit(int digit)
    {
        switch (_step)
        {
            case Step.Word when !TryEndWord():
            case Step.AfterNumber or Step.AfterRange:
                return MarkerState.Dead;
            case Step.Colon:
                return MarkerState.Alive;
            case Step.Number or Step.RangeEnd:
                // Saturates: no request has that many sources.
                _current = Math.Min(_current * 10 + digit, 100_000_000);
                return MarkerState.Alive;
            case Step.Dash:
                _step = Step.RangeEnd;
                _current = digit;
                return MarkerState.Alive;
            default:
                _step = Step.Number;
                _current = digit;
                return MarkerState.Alive;
        }
    }

    private MarkerState Letter(char c)
    {
        if (_step is Step.Number or Step.RangeEnd)
            return MarkerState.Dead;
        if (_step is Step.Colon or Step.Label && _hasLabel && _numbers.Count > 0)
            return StartTail();
        if (_step == Step.Word)
            _word += c;
        else if (_step is Step.Start or Step.Separator or Step.AfterNumber or Step.AfterRange)
            (_step, _word) = (Step.Word, c.ToString());
        else
            return MarkerState.Dead;

        if (_word.Length > LongestWord)
            return MarkerState.Dead;
        if (_numbers.Count > 0 && "and".StartsWith(_word, StringComparison.Ordinal))
            return MarkerState.Alive;
        return Array.Exists(Labels, label => label.StartsWith(_word, StringComparison.Ordinal)) ? MarkerState.Alive : MarkerState.Dead;
    }

    private bool Symbol(char c)
    {
        if (char.IsWhiteSpace(c))
            return Space();

        switch (c)
        {
            case '^' when _step == Step.Start:
                _step = Step.Caret;
                return true;
            case '#' or '.' or ':' when _step == Step.Word && TryEndWord():
            case '#' or '.' or ':' when _step == Step.Label:
            case '#' when _step is Step.Start or Step.Separator:
                return true;
            case ',' or ';' or '/' or '&' or '+' or '\u3001' or '\uFF0C' when EndNumber():
                _step = Step.Separator;
                return true;
            case '-' or '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' when _step is Step.Number or Step.AfterNumber:
                if (_step == Step.Number)
                    _from = _current;
                else
                    _numbers.RemoveAt(_numbers.Count - 1);
                _step = Step.Dash;
                return true;
            case ':' when EndNumber():
                _step = Step.Colon;
                return true;
            case '\u2020' when _step == Step.Colon || EndNumber():
                return StartTail() == MarkerState.Alive;
            default:
                return _hasLabel && _step == Step.Colon && StartTail() == MarkerState.Alive;
        }
    }

    private bool Space()
    {
        switch (_step)
        {
            case Step.Number:
                EndNumber();
                _step = Step.AfterNumber;
                return true;
            case Step.RangeEnd:
                EndNumber();
                _step = Step.AfterRange;
                return true;
            case Step.Word:
                return TryEndWord();
            case Step.Caret:
                return false;
            default:
                return true;
        }
    }

    /// <summary>Takes the word read so far as a label or as "and".</summary>
    private bool TryEndWord()
    {
        if (_numbers.Count > 0 && _word == "and")
        {
            _step = Step.Separator;
            return true;
        }

        if (!Array.Exists(Labels, label => label == _word))
            return false;
        _step = Step.Label;
        _hasLabel = true;
        return true;
    }

    /// <summary>Takes the number read so far; true if a number stands in front.</summary>
    private bool EndNumber()
    {
        if (_step == Step.Number)
        {
            _from = _current;
            _numbers.Add((_current, _current));
        }
        else if (_step == Step.RangeEnd)
        {
            _numbers.Add((Math.Min(_from, _current), Math.Max(_from, _current)));
        }

        return _step is Step.Number or Step.AfterNumber or Step.RangeEnd or Step.AfterRange;
    }

    private MarkerState StartTail()
    {
        _step = Step.Tail;
        return MarkerState.Alive;
    }

    private MarkerState Finish()
    {
        var ends = EndNumber() || _step is Step.Tail or Step.Colon or Step.Separator;
        return ends && _numbers.Count > 0 ? MarkerState.Complete : MarkerState.Dead;
    }
}
