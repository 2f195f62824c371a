using System.Globalization;

namespace GenAI.Core.Tokenization;

/// <summary>What stands after a backslash in a pattern, and the named classes.</summary>
internal static class PatternEscapes
{
    private const uint Letters = 0b111110, Marks = 0b111 << 6, Numbers = 0b111 << 9, Punctuations = 0b1111111 << 12, Symbols = 0b1111 << 19, Separators = 0b111 << 23;

    private static readonly CharacterSet Space = Of(UnicodeData.Whitespace);

    /// <summary>The characters of words.</summary>
    public static CharacterSet WordSet { get; } = Word();

    /// <summary>Adds the set of an escape such as <c>\s</c> or <c>\p{L}</c>, if the next is one.</summary>
    public static bool AddSet(ref PatternParser parser, CharacterSet set)
    {
        var escape = parser.Rest.Length > 1 ? parser.Rest[1] : throw parser.Error("a backslash before nothing");
        var added = new CharacterSet { IsNegated = char.IsUpper(escape) };
        switch (char.ToLowerInvariant(escape))
        {
            case 's':
                added.AddSet(Space);
                break;
            case 'w':
                added.AddSet(WordSet);
                break;
            case 'd':
                added.AddCategories(1u << 9);
                break;
            case 'h':
                added.AddRange('0', '9');
                added.AddRange('a', 'f');
                added.AddRange('A', 'F');
                break;
            case 'p':
                Property(ref parser, added);
                set.AddSet(added);
                return true;
            default:
                return false;
        }

        parser.Skip(2);
        set.AddSet(added);
        return true;
    }

    /// <summary>The next character, which may be escaped.</summary>
    public static int CodePoint(ref PatternParser parser)
    {
        var rest = parser.Rest;
        if (rest.IsEmpty)
            throw parser.Error("an end too early");
        if (rest[0] != '\\')
        {
            var codePoint = CodePoints.At(rest, 0);
            parser.Skip(CodePoints.Units(codePoint));
            return codePoint;
        }

        if (rest.Length < 2)
            throw parser.Error("a backslash before nothing");
        switch (rest[1])
        {
            case 'x' when rest.Length > 2 && rest[2] == '{':
                return Hex(ref parser, 3, rest.IndexOf('}') - 3, 1);
            case 'x':
                return Hex(ref parser, 2, 2, 0);
            case 'u':
                return Hex(ref parser, 2, 4, 0);
        }

        int value = rest[1] switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\f',
            'v' => '\v',
            'a' => '\a',
            'e' => '\x1B',
            '0' => '\0',
            (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '1' and <= '9') => throw parser.Error($"the escape '\\{rest[1]}'"),
            _ => CodePoints.At(rest, 1),
        };
        parser.Skip(1 + CodePoints.Units(value));
        return value;
    }

    /// <summary>Adds a bracket class such as <c>[:alpha:]</c>.</summary>
    public static void AddPosix(ref PatternParser parser, CharacterSet set)
    {
        var end = parser.Rest.IndexOf(":]");
        if (end < 0)
            throw parser.Error("a '[:' that is not closed");
        var name = parser.Rest[2..end];
        var added = new CharacterSet { IsNegated = name.StartsWith("^") };
        switch (name.TrimStart('^').ToString())
        {
            case "alpha":
                added.AddCategories(Letters);
                break;
            case "digit":
                added.AddCategories(1u << 9);
                break;
            case "alnum":
                added.AddCategories(Letters | (1u << 9));
                break;
            case "upper":
                added.AddCategories(1u << 1);
                break;
            case "lower":
                added.AddCategories(1u << 2);
                break;
            case "space":
                added.AddSet(Space);
                break;
            case "word":
                added.AddSet(WordSet);
                break;
            case "punct":
                added.AddCategories(Punctuations | Symbols);
                break;
            default:
                throw parser.Error($"the class '{name}'");
        }

        parser.Skip(end + 2);
        set.AddSet(added);
    }

    private static void Property(ref PatternParser parser, CharacterSet set)
    {
        var rest = parser.Rest;
        var end = rest.IndexOf('}');
        if (rest.Length < 5 || rest[2] != '{' || end < 0)
            throw parser.Error("a property without a name in braces");
        var name = rest[3..end];
        if (name.StartsWith("^"))
        {
            set.IsNegated = !set.IsNegated;
            name = name[1..];
        }

        var mask = name switch
        {
            "L" or "Letter" => Letters,
            "M" or "Mark" => Marks,
            "N" or "Number" => Numbers,
            "P" or "Punct" or "Punctuation" => Punctuations,
            "S" or "Symbol" => Symbols,
            "Z" or "Separator" => Separators,
            "C" or "Other" => (0b111u << 26) | 1,
            _ => 1u << UnicodeData.CategoryNames.IndexOf(name.ToString()),
        };
        if (mask != 1u << 31) // -1, not found, shifts by 31
            set.AddCategories(mask);
        else if (ScriptTable.Scripts.TryGetValue(name.ToString(), out var ranges))
        {
            for (var i = 0; i < ranges.Length; i += 2)
                set.AddRange(ranges[i], ranges[i] + ranges[i + 1] - 1);
        }
        else
            throw parser.Error($"the property '{name}'");

        parser.Skip(end + 1);
    }

    private static int Hex(ref PatternParser parser, int start, int length, int after)
    {
        if (length <= 0 || start + length > parser.Rest.Length
            || !int.TryParse(parser.Rest.Slice(start, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value > 0x10FFFF)
        {
            throw parser.Error("a code that is no character");
        }

        parser.Skip(start + length + after);
        return value;
    }

    private static CharacterSet Of(int flag)
    {
        var set = new CharacterSet();
        for (var codePoint = 0; codePoint < 0x110000; codePoint++)
        {
            var first = codePoint;
            while (codePoint < 0x110000 && UnicodeData.Is(codePoint, flag))
                codePoint++;
            if (codePoint > first)
                set.AddRange(first, codePoint - 1);
        }

        return set;
    }

    // Without the joiners, which the other regular expressions of the reference count to words.
    private static CharacterSet Word()
    {
        var word = Of(UnicodeData.Word);
        var joiners = new CharacterSet { IsNegated = true };
        joiners.AddRange(0x200C, 0x200D);
        word.Intersect(joiners);
        return word;
    }
}
