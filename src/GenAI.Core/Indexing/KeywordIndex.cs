namespace GenAI.Core.Indexing;

internal sealed class AnalyzedText(HashSet<string> terms) { public HashSet<string> Terms => terms; }

internal readonly record struct KeywordMatch(long Id, float Score);

internal readonly ref struct KeywordSearchSettings
{
    private readonly ReadOnlySpan<ulong> _allowed;
    public ReadOnlySpan<ulong> AllowedIds { get => _allowed; init { _allowed = value; Has = true; } }
    public bool Has { get; private init; }
}

#pragma warning disable CA1822
internal sealed class KeywordIndex
{
    private readonly SortedDictionary<long, AnalyzedText> _texts = [];
    public AnalyzedText Analyze(string text) => new([.. TextAnalyzer.English.Analyze(text)]);
    public void Upsert(long id, string text) => _texts[id] = Analyze(text);
    public void Upsert(long id, AnalyzedText text) => _texts[id] = text;
    public bool Remove(long id) => _texts.Remove(id);
    public int Search(string query, Span<KeywordMatch> results, in KeywordSearchSettings settings = default)
    {
        var terms = Analyze(query).Terms;
        var found = new List<KeywordMatch>();
        foreach (var (id, text) in _texts)
        {
            if (settings.Has && (settings.AllowedIds[(int)(id / 64)] >> (int)(id % 64) & 1) == 0) continue;
            var count = terms.Count(text.Terms.Contains);
            if (count > 0) found.Add(new(id, count));
        }
        found = [.. found.OrderByDescending(m => m.Score).ThenBy(m => m.Id).Take(results.Length)];
        for (var i = 0; i < found.Count; i++) results[i] = found[i];
        return found.Count;
    }
}
