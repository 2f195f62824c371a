namespace GenAI.Core.Verification;

/// <summary>Follows whether a Markdown text is inside code, by its prefix alone so that it works on a stream.</summary>
/// <remarks>A code span ends at a run of as many backticks as began it, or with its line; a fence of three or more at a fence of at least as many.</remarks>
internal sealed class CodeTracker
{
    private int _opening;
    private bool _isFence;
    private int _run;
    private bool _runBeginsLine;
    private bool _beginsLine = true;
    private char _last;
    private char _lastVisible;

    /// <summary>Whether an opening bracket here belongs to code: to an index or a list, not to a citation.</summary>
    /// <param name="afterSpace">Whether white space not read here yet stands in front of the bracket.</param>
    public bool IsCodeBracket(bool afterSpace)
    {
        EndRun();
        if (_opening == 0)
            return false;

        var touches = !afterSpace && !char.IsWhiteSpace(_last);
        return (touches && (char.IsLetterOrDigit(_last) || _last is '_' or ')' or ']' or '"' or '\''))
            || _lastVisible is '=' or '(' or '[' or '{' or ',' or ':' or '+' or '-' or '*' or '<' or '>' or '&' or '|';
    }

    /// <summary>Reads the next character.</summary>
    public void Read(char c)
    {
        if (c == '`')
        {
            if (_run++ == 0)
                _runBeginsLine = _beginsLine;
        }
        else
        {
            EndRun();
        }

        if (c == '\n')
        {
            if (!_isFence)
                _opening = 0;
            _beginsLine = true;
        }
        else if (!char.IsWhiteSpace(c))
        {
            _beginsLine = false;
            _lastVisible = c;
        }

        _last = c;
    }

    private void EndRun()
    {
        if (_run == 0)
            return;

        if (_opening == 0)
            (_opening, _isFence) = (_run, _run >= 3 && _runBeginsLine);
        else if (_isFence ? _run >= _opening && _runBeginsLine : _run == _opening)
            (_opening, _isFence) = (0, false);
        _run = 0;
    }
}
