using System.Globalization;
using System.Text.RegularExpressions;

namespace GenAI.Core.Benchmarks.Claims;

/// <summary>Makes a true sentence false in one place. Its lists and expressions are its own: it shares nothing with what checks claims.</summary>
/// <param name="seed">Equal seeds make equal corruptions.</param>
/// <param name="names">Names of other documents, to put in place of those of a sentence.</param>
internal sealed partial class Corruptor(int seed, IReadOnlyList<string> names)
{
    public static readonly string[] Kinds = ["number", "date", "unit", "entity", "negation", "quote", "id"];

    private static readonly string[][] UnitFamilies =
    [
        ["seconds", "minutes", "hours", "days", "weeks"], ["months", "years"], ["KB", "MB", "GB", "TB"], ["km", "m", "cm", "mm"], ["kg", "g", "mg"], ["ms", "s"], ["dollars", "euros"],
        ["percent", "dollars"], ["mg/ml", "mg/l"], ["bytes", "bits"], ["μm", "nm", "mm"], ["mM", "μM", "nM"], ["kDa", "Da"], ["miles", "kilometers"], ["weeks", "months"], ["minutes", "hours"],
    ];

    private static readonly (string From, string To)[] Opposites =
    [
        ("increases", "decreases"), ("increase", "decrease"), ("increased", "decreased"), ("decreased", "increased"), ("reduced", "increased"), ("higher", "lower"), ("lower", "higher"), ("always", "never"), ("never", "always"),
        ("before", "after"), ("after", "before"), ("enabled", "disabled"), ("disabled", "enabled"), ("more", "less"), ("allows", "prevents"), ("all", "no"), ("every", "no"), ("with", "without"), ("without", "with"), ("only", "not"),
        ("minimum", "maximum"), ("maximum", "minimum"), ("required", "optional"), ("must", "must not"), ("above", "below"), ("positive", "negative"), ("negative", "positive"), ("add", "remove"), ("start", "stop"),
    ];

    private static readonly string[] Months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    private readonly Random _random = new(seed);

    /// <summary>Corrupts a sentence in one way.</summary>
    /// <returns>The claim and its source; <see langword="null"/> where the sentence has nothing of the kind.</returns>
    public (string Claim, string Source)? Make(string kind, TrueSentence sentence) => kind switch
    {
        "number" => Same(sentence, Number(sentence)),
        "date" => Date(sentence),
        "unit" => Unit(sentence),
        "entity" => Same(sentence, Entity(sentence)),
        "negation" => Same(sentence, Negation(sentence.Text)),
        "quote" => Same(sentence, Quote(sentence)),
        _ => null,
    };

    private static (string, string)? Same(TrueSentence sentence, string? claim) => claim is null || claim == sentence.Text ? null : (claim, sentence.Source);

    private string? Number(TrueSentence sentence)
    {
        var matches = DateLike().IsMatch(sentence.Text) ? [] : PlainNumber().Matches(sentence.Text).Concat(NumberWord().Matches(sentence.Text)).ToArray();
        if (matches.Length == 0)
            return null;
        var match = matches[_random.Next(matches.Length)];
        string[] words = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var changed = char.IsLetter(match.Value[0]) ? words[_random.Next(words.Length)] : Changed(match.Value);
            if (changed != match.Value && !Regex.IsMatch(sentence.Text, $@"(?<!\w){Regex.Escape(changed)}(?!\w)"))
                return sentence.Text.Remove(match.Index, match.Length).Insert(match.Index, changed);
        }

        return null;
    }

    private string Changed(string number)
    {
        var digits = number.ToCharArray();
        var places = Enumerable.Range(0, digits.Length).Where(i => char.IsAsciiDigit(digits[i])).ToArray();
        var place = places[_random.Next(places.Length)];
        digits[place] = (char)('0' + (digits[place] - '0' + _random.Next(1, 10)) % 10);
        var changed = new string(digits);
        return changed[0] == '0' && changed.Length > 1 && changed[1] != '.' ? "1" + changed[1..] : changed;
    }

    private (string, string)? Date(TrueSentence sentence)
    {
        if (DateLike().Match(sentence.Text) is { Success: true } match)
            return (sentence.Text.Remove(match.Index, match.Length).Insert(match.Index, OtherDate(match.Value)), sentence.Source);

        // Few sentences have a date: the source is given one.
        var date = new DateTime(_random.Next(1990, 2026), _random.Next(1, 13), _random.Next(1, 29));
        var wrong = _random.Next(3) switch { 0 => date.AddDays(_random.Next(1, 20)), 1 => date.AddMonths(_random.Next(1, 11)), _ => date.AddYears(_random.Next(1, 9)) };
        var format = ((string[])["d MMMM yyyy", "MMMM d, yyyy", "yyyy-MM-dd"])[_random.Next(3)];
        return (Dated(sentence.Text, wrong, format), sentence.Source.Replace(sentence.Text, Dated(sentence.Text, date, format), StringComparison.Ordinal));
    }

    internal static string Dated(string sentence, DateTime date, string format) => $"{sentence[..^1]} since {date.ToString(format, CultureInfo.InvariantCulture)}.";

    private string OtherDate(string date)
    {
        foreach (var month in Months)
        {
            if (date.Contains(month, StringComparison.Ordinal) && _random.Next(2) == 0)
                return date.Replace(month, Months[(Array.IndexOf(Months, month) + _random.Next(1, 12)) % 12], StringComparison.Ordinal);
        }

        var year = Regex.Match(date, @"\d{4}");
        return date.Remove(year.Index, 4).Insert(year.Index, (int.Parse(year.Value, CultureInfo.InvariantCulture) + _random.Next(1, 9)).ToString(CultureInfo.InvariantCulture));
    }

    private (string, string)? Unit(TrueSentence sentence)
    {
        foreach (var family in UnitFamilies)
        {
            foreach (var unit in family)
            {
                var match = Regex.Match(sentence.Text, $@"(?<=\d[\s-]?){Regex.Escape(unit)}(?!\w)");
                if (match.Success)
                    return (sentence.Text.Remove(match.Index, match.Length).Insert(match.Index, Other(family, unit)), sentence.Source);
            }
        }

        if (_random.Next(8) != 0)
            return null;
        var chosen = UnitFamilies[_random.Next(UnitFamilies.Length)];
        var right = chosen[_random.Next(chosen.Length)];
        var value = _random.Next(2, 400);
        return ($"{sentence.Text[..^1]} within {value} {Other(chosen, right)}.", sentence.Source.Replace(sentence.Text, $"{sentence.Text[..^1]} within {value} {right}.", StringComparison.Ordinal));
    }

    private string Other(string[] family, string unit)
    {
        var others = family.Where(other => other != unit).ToArray();
        return others[_random.Next(others.Length)];
    }

    private string? Entity(TrueSentence sentence)
    {
        var matches = Name().Matches(sentence.Text).Where(match => match.Value.Length > 2).ToArray();
        if (matches.Length == 0)
            return null;
        var match = matches[_random.Next(matches.Length)];
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var name = names[_random.Next(names.Count)];
            if (!sentence.Source.Contains(name, StringComparison.OrdinalIgnoreCase) && name.Split(' ').All(part => !match.Value.Contains(part, StringComparison.OrdinalIgnoreCase)))
                return sentence.Text.Remove(match.Index, match.Length).Insert(match.Index, name);
        }

        return null;
    }

    private string? Negation(string text)
    {
        if (Denied().Match(text) is { Success: true } denied && _random.Next(3) > 0)
            return text.Remove(denied.Index, denied.Length).Insert(denied.Index, denied.Value.Trim() is "can't" or "cannot" ? "can" : denied.Value.EndsWith("n't", StringComparison.Ordinal) ? denied.Value[..^3] : "");
        var opposites = Opposites.Select(pair => (Match: Regex.Match(text, $@"(?<![\w-]){pair.From}(?![\w-])"), pair.To)).Where(found => found.Match.Success).ToArray();
        if (opposites.Length > 0 && _random.Next(2) == 0)
        {
            var (match, to) = opposites[_random.Next(opposites.Length)];
            return text.Remove(match.Index, match.Length).Insert(match.Index, to);
        }

        var auxiliaries = Auxiliary().Matches(text);
        if (auxiliaries.Count == 0 || text.Contains(" not ", StringComparison.Ordinal))
            return null;
        var auxiliary = auxiliaries[_random.Next(auxiliaries.Count)];
        return text.Insert(auxiliary.Index + auxiliary.Length, " not");
    }

    private string? Quote(TrueSentence sentence)
    {
        var words = sentence.Text.TrimEnd('.').Split(' ', '\n');
        if (words.Length < 8 || sentence.Text.Contains('"', StringComparison.Ordinal))
            return null;
        var from = _random.Next(0, words.Length - 7);
        var quote = words[from..(from + _random.Next(5, 8))];
        var other = names[_random.Next(names.Count)].Split(' ')[0].ToLowerInvariant();
        quote[_random.Next(1, quote.Length - 1)] = other;
        var quoted = string.Join(' ', quote);
        return sentence.Source.Contains(quoted, StringComparison.OrdinalIgnoreCase) ? null : $"The text says that \"{quoted}\" and {char.ToLowerInvariant(sentence.Text[0])}{sentence.Text[1..]}";
    }

    /// <summary>Names inside sentences: what begins with a capital behind a word in lower case.</summary>
    public static IEnumerable<string> NamesOf(string text) => Name().Matches(text).Select(match => match.Value).Where(name => name.Length > 3);

    [GeneratedRegex(@"(?<![\w.,:/$-])\d+(?:[.,]\d+)*(?![\w:/]|[.,-]\d)")]
    private static partial Regex PlainNumber();

    [GeneratedRegex(@"(?<=\s)(?:two|three|four|five|six|seven|eight|nine|ten)(?=\s)")]
    private static partial Regex NumberWord();

    [GeneratedRegex(@"(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December) (?:\d{1,2}, )?\d{4}|\d{4}-\d{2}-\d{2}")]
    private static partial Regex DateLike();

    [GeneratedRegex(@"(?<=[a-z,;] )[A-Z][A-Za-z]*[a-z0-9]\w*(?: [A-Z][a-z]\w+)*|(?<=[a-z,;] )[A-Z]{2,}\d*\b")]
    private static partial Regex Name();

    [GeneratedRegex(@" not(?= )|(?<=\w)n't(?= )|\bcan't(?= )|\bcannot(?= )")]
    private static partial Regex Denied();

    [GeneratedRegex(@"(?<= )(?:is|are|was|were|can|will|should|must|may|has|have|does|do|could|would)(?= [a-z])")]
    private static partial Regex Auxiliary();
}
