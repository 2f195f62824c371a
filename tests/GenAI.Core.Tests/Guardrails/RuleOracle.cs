using System.Text;
using System.Text.RegularExpressions;
using GenAI.Core.Guardrails;

namespace GenAI.Core.Tests.Guardrails;

/// <summary>What .NET's own regular expressions find, by asking about every place and every length.</summary>
internal sealed class RuleOracle(string pattern, int maxLength, bool ignoreCase = false)
{
    private readonly Dictionary<int, Regex> _regexes = [];

    /// <summary>Whether the pattern matches exactly a stretch of a text, with what stands around it.</summary>
    public bool Matches(string text, int start, int end)
    {
        // The match has to leave just what is behind the stretch.
        var behind = text.Length - end;
        if (!_regexes.TryGetValue(behind, out var regex))
        {
            var options = RegexOptions.Singleline | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
            _regexes.Add(behind, regex = new Regex($@"\G(?-s:{pattern})(?=.{{{behind}}}\z)", options));
        }

        return regex.IsMatch(text, start);
    }

    /// <summary>For each place of a text, whether some match covers it.</summary>
    public bool[] Covered(string text)
    {
        var covered = new bool[text.Length];
        for (var start = 0; start < text.Length; start++)
        {
            for (var end = Math.Min(text.Length, start + maxLength); end > start; end--)
            {
                if (!Matches(text, start, end))
                    continue;
                covered.AsSpan(start..end).Fill(true);
                break;
            }
        }

        return covered;
    }

    /// <summary>The text without what any match covers.</summary>
    public string Remove(string text)
    {
        var covered = Covered(text);
        var rest = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (!covered[i])
                rest.Append(text[i]);
        }

        return rest.ToString();
    }
}

/// <summary>Runs rules over text that comes in pieces.</summary>
internal static class RulePieces
{
    /// <summary>What is let through after each piece, and at the end.</summary>
    public static List<string> Filter(RuleSet rules, IEnumerable<string> pieces)
    {
        var filter = new RuleFilter(rules);
        var released = pieces.Select(piece => filter.Read(piece)).ToList();
        released.Add(filter.Complete());
        return released;
    }

    /// <summary>Cuts a text behind the places whose bit is set.</summary>
    public static IEnumerable<string> Cut(string text, ulong places)
    {
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if ((places >> (i % 64) & 1) == 0)
                continue;
            yield return text[start..i];
            start = i;
        }

        yield return text[start..];
    }
}
