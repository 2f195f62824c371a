using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Answering;

/// <summary>Turns a model's reply, piece by piece, into an answer whose every marker has a verified citation.</summary>
/// <remarks>
/// The only path from a reply to an answer, streamed or not, so both give the same. What is released is never taken back: text waits while it may
/// still become a marker or the no-evidence sentinel and, if citations are required, until the first citation. One writer per reply.
/// </remarks>
internal sealed class AnswerWriter : IMarkerSink
{
    /// <summary>A claim is looked for in so many characters in front of its marker; sentences are shorter.</summary>
    private const int MaxClaimLength = 2000;

    private readonly QuoteFinder _quotes;
    private readonly AnswerTexts _texts;
    private readonly MarkerScanner _scanner;
    private readonly StringBuilder _text = new();
    private readonly List<Citation> _citations = [];
    private int _released;
    private int _releasedCitations;
    private int _sentinelChecked;
    private int _claimFrom;
    private CitedPassage _claim;
    private bool _ended;
    private bool _abstained;

    public AnswerWriter(GroundedPrompt prompt, AnswerTexts texts)
    {
        _quotes = new QuoteFinder(prompt);
        _texts = texts;
        _scanner = new MarkerScanner(prompt.Sources.Count, this);
    }

    /// <summary>The citations so far, with ranges in the whole text.</summary>
    public IReadOnlyList<Citation> Citations => _citations;

    /// <summary>Reads the next piece of the reply.</summary>
    /// <returns>What may be released now; null if nothing.</returns>
    public AnswerUpdate? Write(string piece)
    {
        if (!_ended)
            _scanner.Read(piece);
        return _abstained ? null : Release(ReleaseLimit());
    }

    /// <summary>Ends a reply of which nothing was released yet.</summary>
    public Answer Answer(ChatFinishReason? finishReason, UsageDetails? usage, IReadOnlyList<RetrievedChunk> chunks) =>
        Complete(finishReason, usage, chunks).Answer!;

    /// <summary>Ends the reply.</summary>
    /// <param name="finishReason">Why the chat client stopped.</param>
    /// <param name="usage">What it spent.</param>
    /// <param name="chunks">The chunks that the prompt was made from.</param>
    /// <returns>The last update, with the whole answer.</returns>
    public AnswerUpdate Complete(ChatFinishReason? finishReason, UsageDetails? usage, IReadOnlyList<RetrievedChunk> chunks)
    {
        if (finishReason == ChatFinishReason.ContentFilter)
            return End(AnswerStatus.Blocked, _texts.Blocked, usage, chunks);

        if (!_ended)
        {
            _scanner.Complete();
            FindSentinel(atEnd: true);
            TrimEnd(_text);
        }

        if (_abstained || _text.Length == 0 || (_texts.RequireCitations && _citations.Count == 0))
            return End(AnswerStatus.NoEvidence, _texts.NoEvidence, usage, chunks);

        var last = Release(_text.Length);
        return new AnswerUpdate
        {
            Text = last?.Text ?? "",
            Citations = last?.Citations ?? [],
            Answer = new Answer
            {
                Status = AnswerStatus.Answered,
                Text = _text.ToString(),
                Citations = InOrder(_citations),
                Sources = chunks,
                Usage = usage,
            },
        };
    }

    void IMarkerSink.Text(char c)
    {
        if (_ended || (_text.Length == 0 && char.IsWhiteSpace(c)))
            return;

        _text.Append(c);
        FindSentinel(atEnd: false);
    }

    void IMarkerSink.Marker(IReadOnlyList<int> numbers)
    {
        FindSentinel(atEnd: true);
        if (_ended)
            return;

        // A marker directly behind another one belongs to the same claim.
        if (CitedPassage.Before(_text, Math.Max(_claimFrom, _text.Length - MaxClaimLength)) is { } claim)
            _claim = claim;

        foreach (var number in numbers)
        {
            if (_quotes.Cite(number, _claim, _text) is not { } citation)
                continue;

            Add(citation);
            _text.Append(CultureInfo.InvariantCulture, $"[{number}]");
        }

        _claimFrom = _sentinelChecked = _text.Length;
    }

    private void Add(Citation citation)
    {
        var known = _citations.FindIndex(other => other.Number == citation.Number && other.Range == citation.Range);
        if (known < 0)
        {
            _citations.Add(citation);
        }
        else
        {
            _citations[known] = QuoteFinder.Join(_citations[known], citation);
        }
    }

    /// <summary>Ends the answer where the model says that it has no evidence (for more).</summary>
    private void FindSentinel(bool atEnd)
    {
        var at = Sentinel.Find(_text, ref _sentinelChecked, atEnd);
        if (at < 0)
            return;

        _text.Length = at;
        _ended = true;
        _abstained = _texts.RequireCitations ? _citations.Count == 0 : !HasWord(_text, _text.Length);
        TrimEnd(_text);
    }

    private int ReleaseLimit()
    {
        // The letters of what may become the sentinel are no word of the answer yet.
        var limit = _ended ? _text.Length : _text.Length - Sentinel.PrefixLength(_text);
        if (_texts.RequireCitations ? _citations.Count == 0 : !HasWord(_text, limit))
            return 0;

        while (limit > 0 && char.IsWhiteSpace(_text[limit - 1]))
            limit--;
        return limit;
    }

    private AnswerUpdate? Release(int limit)
    {
        if (limit <= _released)
            return null;

        var text = _text.ToString(_released, limit - _released);
        _released = limit;
        Citation[] citations = [.. _citations[_releasedCitations..]];
        _releasedCitations = _citations.Count;
        return new AnswerUpdate { Text = text, Citations = citations };
    }

    /// <summary>Ends with a text of ours. What a stream has released before stays in front of it.</summary>
    private AnswerUpdate End(AnswerStatus status, string text, UsageDetails? usage, IReadOnlyList<RetrievedChunk> chunks)
    {
        var rest = _released == 0 ? text : "\n\n" + text;
        return new AnswerUpdate
        {
            Text = rest,
            Answer = new Answer
            {
                Status = status,
                Text = _text.ToString(0, _released) + rest,
                Citations = InOrder(_citations.Take(_releasedCitations)),
                Sources = chunks,
                Usage = usage,
            },
        };
    }

    private static Citation[] InOrder(IEnumerable<Citation> citations) => [.. citations.OrderBy(citation => citation.Number)];

    private static bool HasWord(StringBuilder text, int length)
    {
        for (var i = 0; i < length; i++)
        {
            if (char.IsLetterOrDigit(text[i]))
                return true;
        }

        return false;
    }

    private static void TrimEnd(StringBuilder text)
    {
        while (text.Length > 0 && char.IsWhiteSpace(text[^1]))
            text.Length--;
    }
}

/// <summary>What an <see cref="AnswerWriter"/> needs of the options.</summary>
internal sealed record AnswerTexts(string NoEvidence, string Blocked, bool RequireCitations);
