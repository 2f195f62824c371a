using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GenAI.Core.PersonalData;

/// <summary>What stands in place of personal data that was found. Immutable; safe for concurrent use.</summary>
public sealed class PersonalDataOperator
{
    // Of a keyed hash, 64 bits name a value: among a million values two share a name once in 37 million cases.
    private const int HashBytes = 8;

    private readonly Func<PersonalDataKind, string, string>? _replace;

    private PersonalDataOperator(Func<PersonalDataKind, string, string>? replace) => _replace = replace;

    /// <summary>The name of the kind in brackets, such as <c>[Email]</c>.</summary>
    public static PersonalDataOperator Redact { get; } = new(static (kind, _) => $"[{kind}]");

    /// <summary>Finds, and leaves the text as it is found: the whole text is blocked.</summary>
    public static PersonalDataOperator Block { get; } = new(replace: null);

    /// <summary>Letters and digits become a sign; what separates them stays.</summary>
    /// <param name="keepLast">How many letters and digits at the end stay, at most half of them.</param>
    /// <param name="sign">The sign.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="keepLast"/> is negative.</exception>
    public static PersonalDataOperator Mask(int keepLast = 0, char sign = '*')
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keepLast);
        return new PersonalDataOperator((_, text) => Masked(text, keepLast, sign));
    }

    /// <summary>A keyed hash (HMAC-SHA-256, 64 bits of it) of the kind and the text: equal values have equal hashes, and without the key nobody can try values out.</summary>
    /// <param name="key">The key: at least 16 bytes, kept secret. Copied.</param>
    /// <exception cref="ArgumentException">The key is shorter.</exception>
    public static PersonalDataOperator Hash(ReadOnlySpan<byte> key)
    {
        var secret = Key(key);
        return new PersonalDataOperator((kind, text) => $"[{kind} {Convert.ToHexStringLower(HashOf(secret, kind, text).AsSpan(0, HashBytes))}]");
    }

    /// <summary>
    /// Another value of the same form: digits become digits, letters letters, separators stay, and an e-mail address is one at example.com. Equal values have equal surrogates for one key. Check digits do
    /// not hold, so that no surrogate is somebody's number.
    /// </summary>
    /// <param name="key">The key: at least 16 bytes, kept secret. Copied.</param>
    /// <exception cref="ArgumentException">The key is shorter.</exception>
    public static PersonalDataOperator Surrogate(ReadOnlySpan<byte> key)
    {
        var secret = Key(key);
        return new PersonalDataOperator((kind, text) => SurrogateOf(HashOf(secret, kind, text), kind, text));
    }

    /// <summary>A token such as <c>[Email_1]</c>, which the vault gives back for the original: see <see cref="PersonalDataVault"/>.</summary>
    /// <param name="vault">The vault of one conversation.</param>
    public static PersonalDataOperator Vault(PersonalDataVault vault)
    {
        ArgumentNullException.ThrowIfNull(vault);
        return new PersonalDataOperator(vault.TokenFor);
    }

    /// <summary>What a function says.</summary>
    /// <param name="replace">Gives what stands in place of a text of a kind. It must be safe for concurrent use, and give the same for the same text.</param>
    public static PersonalDataOperator Custom(Func<PersonalDataKind, string, string> replace)
    {
        ArgumentNullException.ThrowIfNull(replace);
        return new PersonalDataOperator(replace);
    }

    internal bool Blocks => _replace is null;

    internal string Apply(PersonalDataKind kind, string text) => _replace is null ? $"[{kind}]" : _replace(kind, text);

    private static string Masked(string text, int keepLast, char sign)
    {
        var masked = text.ToCharArray();
        var rest = text.Count(char.IsLetterOrDigit);
        rest -= Math.Min(keepLast, rest / 2);
        for (var i = 0; i < masked.Length && rest > 0; i++)
        {
            if (!char.IsLetterOrDigit(masked[i]))
                continue;
            masked[i] = sign;
            rest--;
        }

        return new string(masked);
    }

    private static string SurrogateOf(byte[] hash, PersonalDataKind kind, string text)
    {
        if (kind == PersonalDataKind.Email)
            return string.Create(CultureInfo.InvariantCulture, $"user-{Convert.ToHexStringLower(hash.AsSpan(0, HashBytes))}@example.com");
        var surrogate = text.ToCharArray();
        for (var i = 0; i < surrogate.Length; i++)
        {
            // Long texts use the hash again, moved by where they are.
            var random = hash[i % hash.Length] + 31 * (i / hash.Length);
            surrogate[i] = surrogate[i] switch
            {
                >= '0' and <= '9' => (char)('0' + random % 10),
                var c when char.IsUpper(c) => (char)('A' + random % 26),
                var c when char.IsLetter(c) => (char)('a' + random % 26),
                var c => c,
            };
        }

        return new string(surrogate);
    }

    private static byte[] Key(ReadOnlySpan<byte> key) => key.Length >= 16
        ? key.ToArray()
        : throw new ArgumentException($"The key has {key.Length} bytes. Use at least 16, made by RandomNumberGenerator.GetBytes.", nameof(key));

    private static byte[] HashOf(byte[] key, PersonalDataKind kind, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{kind}:{text}"));
}
