using System.Globalization;
using System.Text.RegularExpressions;

namespace GenAI.Core.Benchmarks.Claims;

/// <summary>Says a true sentence in other words, mechanically. Its lists and expressions are its own.</summary>
/// <param name="seed">Equal seeds make equal paraphrases.</param>
internal sealed partial class Paraphraser(int seed)
{
    public static readonly string[] Kinds = ["clauses", "numbers", "dates", "units", "synonyms", "voice"];

    private static readonly (string From, string To)[] Synonyms =
    [
        ("use", "utilize"), ("uses", "employs"), ("used", "utilized"), ("show", "display"), ("shows", "demonstrates"), ("create", "build"), ("creates", "produces"), ("large", "big"), ("small", "little"), ("important", "crucial"),
        ("begin", "start"), ("help", "assist"), ("helps", "aids"), ("get", "obtain"), ("need", "require"), ("change", "modify"), ("changes", "alters"), ("choose", "select"), ("many", "numerous"), ("also", "additionally"),
        ("however", "nevertheless"), ("about", "regarding"), ("quickly", "rapidly"), ("often", "frequently"), ("usually", "typically"), ("purchase", "buy"), ("customers", "clients"), ("ensure", "guarantee"), ("provides", "supplies"),
        ("contains", "includes"), ("information", "data"), ("results", "outcomes"), ("method", "approach"), ("study", "investigation"), ("significant", "considerable"), ("reduced", "diminished"), ("patients", "individuals"), ("showed", "revealed"),
        ("suggest", "indicate"), ("examined", "investigated"), ("found", "discovered"), ("children", "kids"), ("disease", "illness"), ("different", "distinct"), ("main", "principal"), ("sometimes", "occasionally"), ("error", "mistake"), ("allows", "permits"),
        ("like", "such as"), ("make", "render"), ("common", "widespread"), ("easy", "simple"), ("specify", "define"), ("delete", "erase"), ("automatically", "by itself"), ("finish", "complete"), ("give", "grant"), ("current", "present"),
    ];

    private static readonly (string Verb, string Participle)[] Verbs =
    [
        ("creates", "created"), ("uses", "used"), ("contains", "contained"), ("shows", "shown"), ("describes", "described"), ("defines", "defined"), ("provides", "provided"), ("determines", "determined"), ("specifies", "specified"), ("controls", "controlled"),
        ("returns", "returned"), ("stores", "stored"), ("represents", "represented"), ("supports", "supported"), ("adds", "added"), ("reduces", "reduced"), ("increases", "increased"), ("inhibits", "inhibited"), ("regulates", "regulated"), ("requires", "required"),
        ("causes", "caused"), ("affects", "affected"), ("updates", "updated"), ("calculates", "calculated"), ("mediates", "mediated"), ("promotes", "promoted"), ("induces", "induced"), ("runs", "run"), ("gets", "gotten"), ("sets", "set"),
    ];

    private readonly Random _random = new(seed);

    public (string Claim, string Source)? Make(string kind, TrueSentence sentence) => kind switch
    {
        "clauses" => Same(sentence, Clauses(sentence.Text)),
        "numbers" => Same(sentence, Numbers(sentence.Text)),
        "dates" => Dates(sentence),
        "units" => Units(sentence),
        "synonyms" => Same(sentence, Replaced(sentence.Text)),
        _ => Same(sentence, Voice(sentence.Text)),
    };

    private static (string, string)? Same(TrueSentence sentence, string? claim) => claim is null || claim == sentence.Text ? null : (claim, sentence.Source);

    private static string? Clauses(string text)
    {
        if (FirstClause().Match(text) is { Success: true } first)
            return $"{Upper(first.Groups["main"].Value)} {Lower(first.Groups["sub"].Value)}.";
        return LastClause().Match(text) is { Success: true } last ? $"{Upper(last.Groups["sub"].Value)}, {Lower(last.Groups["main"].Value)}." : null;
    }

    private string? Numbers(string text)
    {
        var match = Whole().Match(text);
        if (!match.Success || !int.TryParse(match.Value.Replace(",", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return null;
        string[] small = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
        string[] tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
        var rewritten = value switch
        {
            >= 2 and < 20 => small[value],
            >= 20 and < 100 => value % 10 == 0 ? tens[value / 10] : $"{tens[value / 10]}-{small[value % 10]}",
            >= 1000 when value % 1000 == 0 => _random.Next(2) == 0 ? $"{value / 1000} thousand" : value.ToString("#,0", CultureInfo.InvariantCulture),
            >= 10000 => match.Value.Contains(',', StringComparison.Ordinal) ? value.ToString(CultureInfo.InvariantCulture) : value.ToString("#,0", CultureInfo.InvariantCulture),
            _ => null,
        };
        return rewritten is null ? null : text.Remove(match.Index, match.Length).Insert(match.Index, rewritten);
    }

    private (string, string)? Dates(TrueSentence sentence)
    {
        var date = new DateTime(_random.Next(1990, 2026), _random.Next(1, 13), _random.Next(1, 29));
        string[] formats = ["d MMMM yyyy", "MMMM d, yyyy", "yyyy-MM-dd", "MMM d, yyyy", "dd.MM.yyyy"];
        var from = _random.Next(formats.Length);
        var to = (from + _random.Next(1, formats.Length)) % formats.Length;
        return _random.Next(6) != 0 ? null : (Corruptor.Dated(sentence.Text, date, formats[to]), sentence.Source.Replace(sentence.Text, Corruptor.Dated(sentence.Text, date, formats[from]), StringComparison.Ordinal));
    }

    private (string, string)? Units(TrueSentence sentence)
    {
        (string From, string To, double Factor)[] conversions =
        [
            ("km", "m", 1000), ("hours", "minutes", 60), ("kg", "g", 1000), ("minutes", "seconds", 60), ("GB", "MB", 1000), ("m", "cm", 100), ("days", "hours", 24), ("percent", "%", 1), ("years", "months", 12), ("seconds", "ms", 1000), ("liters", "ml", 1000), ("weeks", "days", 7),
            ("km", "kilometers", 1), ("mg", "milligrams", 1), ("h", "hours", 1),
        ];
        var (unit, other, factor) = conversions[_random.Next(conversions.Length)];
        var value = _random.Next(2) == 0 ? _random.Next(2, 40) : _random.Next(3, 60) / 2.0;
        if (_random.Next(6) != 0)
            return null;
        var right = string.Create(CultureInfo.InvariantCulture, $"{sentence.Text[..^1]} within {value} {unit}.");
        return (string.Create(CultureInfo.InvariantCulture, $"{sentence.Text[..^1]} within {value * factor:#,0.##} {other}."), sentence.Source.Replace(sentence.Text, right, StringComparison.Ordinal));
    }

    private static string? Replaced(string text)
    {
        var changed = 0;
        foreach (var (from, to) in Synonyms)
        {
            var match = Regex.Match(text, $@"(?<=[\w,;] ){from}(?=[ ,;.])");
            if (!match.Success)
                continue;
            text = text.Remove(match.Index, match.Length).Insert(match.Index, to);
            if (++changed == 3)
                break;
        }

        return changed == 0 ? null : text;
    }

    private static string? Voice(string text)
    {
        foreach (var (verb, participle) in Verbs)
        {
            var active = Regex.Match(text, $@"^(?<subject>(?:The|A|An|This|Each|These) [\w -]{{2,40}}?|[A-Z][\w-]+) {verb} (?<object>(?:the|a|an) [^,;:]{{3,80}})\.$");
            if (active.Success)
                return $"{Upper(active.Groups["object"].Value)} is {participle} by {Lower(active.Groups["subject"].Value)}.";
            var passive = Regex.Match(text, $@"^(?<object>(?:The|A|An|This|Each) [\w -]{{2,40}}?) is {participle} by (?<subject>(?:the|a|an) [^,;:]{{3,80}})\.$");
            if (passive.Success)
                return $"{Upper(passive.Groups["subject"].Value)} {verb} {Lower(passive.Groups["object"].Value)}.";
        }

        return null;
    }

    private static string Upper(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Lower(string text) => text.Length > 1 && char.IsUpper(text[1]) ? text : char.ToLowerInvariant(text[0]) + text[1..];

    [GeneratedRegex(@"^(?<sub>(?:If|When|After|Before|To|For|Because|While|Although|Once|In) [^,;:]+), (?<main>[^;:]+)\.$", RegexOptions.Singleline)]
    private static partial Regex FirstClause();

    [GeneratedRegex(@"^(?<main>[^,;:]+),? (?<sub>(?:if|when|because|while|although|once) [^,;:]+)\.$", RegexOptions.Singleline)]
    private static partial Regex LastClause();

    [GeneratedRegex(@"(?<=[a-z] )(?:\d{1,3}(?:,\d{3})+|\d{1,6})(?= [a-z])")]
    private static partial Regex Whole();
}
