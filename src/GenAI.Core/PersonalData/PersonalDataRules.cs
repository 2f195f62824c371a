using System.Globalization;
using System.Net;
using System.Net.Sockets;
using GenAI.Core.Guardrails;

namespace GenAI.Core.PersonalData;

/// <summary>The pattern of each kind of personal data, and what a match of it has to fulfil.</summary>
internal static class PersonalDataRules
{
    // Between the words that announce a number and the number.
    private const string Link = @"(?:[ \t]{1,2}(?:number|no|nr|num|code|card|id|is|was|are|of|it's|#)\b|[ \t]{0,2}[:=#.()""'*|>-]{1,3}|[ \t]{1,2}#){0,5}\s{0,4}";

    private const string Months = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
    private const string Date = @"(?:[0-9]{1,2}[/. -][0-9]{1,2}[/. -](?:[0-9]{2}|[0-9]{4})|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}(?:st|nd|rd|th)?\.?(?: of)? " + Months + @"\.?,? [0-9]{4}|" + Months + @"\.? [0-9]{1,2}(?:st|nd|rd|th)?,? [0-9]{4})(?!\w)";

    private static readonly Dictionary<PersonalDataKind, RulePattern[]> ByKind = Build();

    /// <summary>The kinds that have rules, in the order in which one is preferred where they match the same.</summary>
    public static IEnumerable<PersonalDataKind> Kinds => ByKind.Keys;

    /// <summary>The rules of a kind; none for those that need a tagger.</summary>
    public static IEnumerable<TextRule> Of(PersonalDataKind kind, Func<string, string>? replace, RuleAction action) =>
        ByKind.TryGetValue(kind, out var patterns)
            ? patterns.Select(pattern => TextRule.Find(kind.ToString(), pattern.Pattern, pattern.Part, replace, pattern.IgnoreCase, action))
            : [];

    private static Dictionary<PersonalDataKind, RulePattern[]> Build() => new()
    {
        [PersonalDataKind.UrlCredentials] = [new(@"\b[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s/:@?#""'<>]{1,64}:[^\s/@?#""'<>]{1,128}@(?=[\w\[])", match => TextRange.FromBounds(match.IndexOf("//") + 2, match.Length - 1))],
        [PersonalDataKind.Email] = [new(@"(?<![\w.+@-])[\w+][\w.!#$%&'*+/=?^`{|}~-]{0,63}@(?:[\p{L}\p{Nd}](?:[\p{L}\p{Nd}-]{0,62})\.){1,6}\p{L}{2,24}(?![\p{L}\p{Nd}_@])", Email)],
        [PersonalDataKind.WebAddress] = [new(@"\b(?:https?://|www\.)[\p{L}\p{Nd}_.%:@-]{3,200}(?:[/?#][^\s<>""']{0,800})?(?!\w)", WebAddress, true)],
        [PersonalDataKind.PaymentCard] = [new(@"(?<![\w.,+/=-])[0-9](?:[ -]?[0-9]){11,18}(?![\w=/-])", Cards.Part)],
        [PersonalDataKind.Iban] = [new(@"(?<![\w-])[A-Za-z]{2}[0-9]{2}(?:[ -]?[A-Za-z0-9]){11,30}(?![\w-])", Compact.Whole(Ibans.IsIban))],
        [PersonalDataKind.VatId] = [new(VatIds.Pattern, Compact.Whole(VatIds.IsVatId))],
        [PersonalDataKind.UsTaxpayer] = [new(@"(?<![\w.-])9[0-9]{2}-[0-9]{2}-[0-9]{4}(?![\w-])", Compact.Number(IsTaxpayer)), new(@"\bITIN" + Link + @"9[0-9]{8}(?![\w-])", Compact.Number(IsTaxpayer), true)],
        [PersonalDataKind.UsSocialSecurity] =
        [
            new(@"(?<![\w./-])[0-8][0-9]{2}-[0-9]{2}-[0-9]{4}(?![\w/-])", Compact.Number(IsSocialSecurity)),
            new(@"\b(?:SSN|social security)" + Link + @"[0-8][0-9]{2}[ .-]?[0-9]{2}[ .-]?[0-9]{4}(?![\w-])", Compact.Number(IsSocialSecurity), true),
        ],
        [PersonalDataKind.UkNationalInsurance] = [new(@"(?<![\w-])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D](?![\w-])", match => match[..2] is not ("BG" or "GB" or "KN" or "NK" or "NT" or "TN" or "ZZ") ? new TextRange(0, match.Length) : null)],
        [PersonalDataKind.UkNhs] = [new(@"\b(?:NHS|health service|patient)" + Link + @"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}(?![\w-])", Compact.Number(NationalIds.Nhs), true)],
        [PersonalDataKind.BankRouting] = [new(@"\b(?:routing|ABA|RTN|transit)" + Link + @"[0-9]{9}(?![\w-])", Compact.Number(NationalIds.AbaRouting), true)],
        [PersonalDataKind.NationalId] = NationalIdPatterns(),
        [PersonalDataKind.Passport] = [new(@"\bpassports?" + Link + @"[A-Z0-9]{6,9}(?![\w-])", Token(6, 5), true)],
        [PersonalDataKind.DrivingLicence] = [new(@"\b(?:driver'?s?'?|driving)[ -]licen[cs]es?" + Link + @"[A-Z0-9][A-Z0-9-]{4,19}(?![\w-])", Token(5, 4), true)],
        [PersonalDataKind.CryptoAddress] =
        [
            new(@"(?<![\w-])[13][1-9A-HJ-NP-Za-km-z]{25,34}(?!\w)", Compact.Whole(CryptoAddresses.IsBase58Check)),
            new(@"(?<![\w-])(?:bc1|tb1|ltc1)[02-9ac-hj-np-z]{11,71}(?!\w)", Compact.Whole(CryptoAddresses.IsBech32), true),
            new(@"(?<!\w)0x[0-9a-fA-F]{40}(?!\w)", Compact.Whole(CryptoAddresses.IsEip55)),
        ],
        [PersonalDataKind.MacAddress] = [new(@"(?<![\w:-])[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})(?![\w:-])", match => match.ContainsAnyExcept("0:-") && match.ContainsAnyExcept("fF:-") ? new TextRange(0, match.Length) : null)],
        [PersonalDataKind.IpAddress] =
        [
            new(@"(?<![\w.-])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?:(?![\w.])|\.(?!\w))", match => Address(match[^1] == '.' ? match[..^1] : match)),
            new(@"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])", Address6),
        ],
        [PersonalDataKind.Coordinates] =
        [
            new(@"(?<![\w.-])[+-]?[0-9]{1,2}\.[0-9]{4,15},\s?[+-]?[0-9]{1,3}\.[0-9]{4,15}(?![\w.])", Coordinates),
            new(@"(?<![\w.-])[0-9]{1,3}(?:\.[0-9]{1,10})?°\s?(?:[0-9]{1,2}['′]\s?(?:[0-9]{1,2}(?:\.[0-9]{1,6})?[""″]\s?)?)?[NS],?\s?[0-9]{1,3}(?:\.[0-9]{1,10})?°\s?(?:[0-9]{1,2}['′]\s?(?:[0-9]{1,2}(?:\.[0-9]{1,6})?[""″]\s?)?)?[EW](?!\w)", match => new TextRange(0, match.Length)),
        ],
        [PersonalDataKind.BirthDate] = [new(@"\b(?:born(?: on| the)?|birth ?date|date of birth|birthday|d\.?o\.?b\.?)(?:(?: is| was| it's| on|[ \t]{0,2}[:=.,*|()-]{1,2}| it is)){0,4}\s{0,3}" + Date, BirthDate, true)],
        [PersonalDataKind.Age] = [new(@"(?<![\w.-])1?[0-9]{1,2}(?:[ -]years?[ -]old| y/o\b|[ -]yo\b)", Age, true), new(@"\b(?:turn(?:ed|s)?|aged?(?: of)?|when (?:s?he|they|I) w(?:as|ere))[ :]1?[0-9]{1,2}(?!\w)", Age, true)],
        [PersonalDataKind.Phone] = Phones.Patterns(),
    };

    // Numbers whose form is rare enough stand alone; the others need their name before them.
    private static RulePattern[] NationalIdPatterns() =>
    [
        new(@"(?<![\w-])[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z](?![\w-])", Compact.Whole(NationalIds.Italian)),
        new(@"(?<![\w-])[XYZ]-?[0-9]{7}-?[A-Z](?![\w-])", Compact.Whole(NationalIds.Spanish)),
        new(@"\b(?:DNI|NIF|NIE)" + Link + @"[0-9]{8}[ -]?[A-Z](?![\w-])", match => NationalIds.Spanish(string.Concat(match[match.IndexOfAnyInRange('0', '9')..].ToString().Where(char.IsAsciiLetterOrDigit))) ? TextRange.FromBounds(match.IndexOfAnyInRange('0', '9'), match.Length) : null, true),
        new(@"(?<![\w.,-])[12] [0-9]{2} [0-9]{2} [0-9][0-9AB] [0-9]{3} [0-9]{3} [0-9]{2}(?![\w.,-])", Compact.Whole(NationalIds.French)),
        new(@"\b(?:sécurité sociale|NIR|INSEE)" + Link + @"[12][0-9]{5}[0-9AB][0-9]{8}(?![\w-])", Compact.Token(NationalIds.French), true),
        new(@"\b(?:steuer-?id(?:entifikationsnummer|nr)?|steuerliche identifikationsnummer|IdNr|tax id(?:entification)?)" + Link + @"[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}(?![\w-])", Compact.Number(NationalIds.German), true),
        new(@"\b(?:BSN|burgerservicenummer|sofinummer)" + Link + @"[0-9]{9}(?![\w-])", Compact.Number(NationalIds.Dutch), true),
        new(@"(?<![\w.-])[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}(?![\w-])", Compact.Number(NationalIds.Belgian)),
        new(@"\bPESEL" + Link + @"[0-9]{11}(?![\w-])", Compact.Number(NationalIds.Polish), true),
        new(@"(?<![\w.-])(?:19|20)?[0-9]{6}[-+][0-9]{4}(?![\w-])", Compact.Number(NationalIds.Swedish)),
        new(@"(?<![\w-])[0-9]{6}[-+A][0-9]{3}[0-9A-FHJ-NPR-Y](?![\w-])", match => NationalIds.Finnish(string.Concat(match[..6], match[7..])) ? new TextRange(0, match.Length) : null),
        new(@"\b(?:fødselsnummer|fodselsnummer|personnummer|fnr)" + Link + @"[0-9]{6} ?[0-9]{5}(?![\w-])", Compact.Number(NationalIds.Norwegian), true),
        new(@"(?<![\w.-])[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}(?![\w-])", Compact.Number(NationalIds.Brazilian)),
        new(@"(?<![\w.-])[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx](?![\w-])", Compact.Whole(NationalIds.Chinese)),
        new(@"\b(?:aadhaar|aadhar|UIDAI)" + Link + @"[0-9]{4} ?[0-9]{4} ?[0-9]{4}(?![\w-])", Compact.Number(NationalIds.Indian), true),
    ];

    private static MatchPart Token(int length, int digits) => Compact.Token(text => text.Length >= length && text.Count(char.IsAsciiDigit) >= digits);

    private static bool IsTaxpayer(string digits) =>
        digits.Length == 9 && int.Parse(digits.AsSpan(3, 2), CultureInfo.InvariantCulture) is (>= 50 and <= 65) or (>= 70 and <= 88) or (>= 90 and <= 92) or >= 94;

    private static bool IsSocialSecurity(string digits) =>
        digits.Length == 9 && digits[..3] is not ("000" or "666") && digits[3..5] != "00" && digits[5..] != "0000" && digits is not ("078051120" or "123456789");

    private static TextRange? Email(ReadOnlySpan<char> match)
    {
        var local = match[..match.IndexOf('@')];
        return local[^1] == '.' || local.Contains("..", StringComparison.Ordinal) || match.Contains("-.", StringComparison.Ordinal) ? null : new TextRange(0, match.Length);
    }

    // A full stop, comma or bracket behind an address is the sentence's.
    private static TextRange? WebAddress(ReadOnlySpan<char> match)
    {
        var end = match.TrimEnd(".,;:!?)]}'*`").Length;
        return match[..end].Contains('.') ? new TextRange(0, end) : null;
    }

    private static TextRange? Address(ReadOnlySpan<char> match)
    {
        foreach (var part in match.Split('.'))
        {
            var digits = match[part];
            if (digits.Length > 1 && digits[0] == '0' || int.Parse(digits, CultureInfo.InvariantCulture) > 255)
                return null;
        }

        return match.StartsWith("0.") || match.StartsWith("127.") || match.StartsWith("255.") ? null : new TextRange(0, match.Length);
    }

    private static TextRange? Address6(ReadOnlySpan<char> match)
    {
        var digits = match.Length - MemoryExtensions.Count(match, ':');
        return digits >= 5 && IPAddress.TryParse(match, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(address) ? new TextRange(0, match.Length) : null;
    }

    private static TextRange? Coordinates(ReadOnlySpan<char> match)
    {
        var comma = match.IndexOf(',');
        var latitude = Math.Abs(double.Parse(match[..comma], CultureInfo.InvariantCulture));
        var longitude = Math.Abs(double.Parse(match[(comma + 1)..].TrimStart(), CultureInfo.InvariantCulture));

        // Pairs of shares and weights are below one.
        return latitude is <= 90 and >= 1 && longitude is <= 180 and >= 1 ? new TextRange(0, match.Length) : null;
    }

    private static TextRange? BirthDate(ReadOnlySpan<char> match)
    {
        // The date begins with the first digit, or with a month's name before it.
        var start = match.IndexOfAnyInRange('0', '9');
        if (start < 2 || match[start - 1] != ' ' || !char.IsAsciiLetter(match[start - 2]) && match[start - 2] != '.')
            return TextRange.FromBounds(start, match.Length);
        var word = start - 1;
        while (word > 0 && (char.IsAsciiLetter(match[word - 1]) || match[word - 1] == '.'))
            word--;
        return match[word..].StartsWith("jan", Ignoring) || "feb mar apr may jun jul aug sep oct nov dec".Contains(match.Slice(word, Math.Min(3, match.Length - word)).ToString(), Ignoring)
            ? TextRange.FromBounds(word, match.Length)
            : TextRange.FromBounds(start, match.Length);
    }

    private const StringComparison Ignoring = StringComparison.OrdinalIgnoreCase;

    private static TextRange? Age(ReadOnlySpan<char> match)
    {
        var part = Compact.FromDigit(match);
        return int.Parse(part.Of(match), CultureInfo.InvariantCulture) is >= 1 and <= 120 ? part : null;
    }
}

/// <summary>A pattern with which part of a match is what is found.</summary>
/// <param name="Pattern">The pattern.</param>
/// <param name="Part">The part.</param>
/// <param name="IgnoreCase">Whether case is ignored.</param>
internal sealed record RulePattern(string Pattern, MatchPart Part, bool IgnoreCase = false);
