using System.Security.Cryptography;
using System.Text;

namespace GenAI.Core.PersonalData;

/// <summary>Addresses of crypto currencies and their checksums.</summary>
internal static class CryptoAddresses
{
    private const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const string Bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

    // The generator of the code (BIP 173), and what the checksum of each version leaves (BIP 350).
    private static readonly uint[] Generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
    private const uint Bech32Residue = 1, Bech32mResidue = 0x2bc830a3;

    /// <summary>25 bytes in base 58, of which the last four are the first of the double SHA-256 of the others.</summary>
    public static bool IsBase58Check(string text)
    {
        Span<byte> bytes = stackalloc byte[25];
        bytes.Clear();
        foreach (var c in text)
        {
            var carry = Base58.IndexOf(c, StringComparison.Ordinal);
            for (var i = 24; i >= 0; i--)
            {
                carry += 58 * bytes[i];
                bytes[i] = (byte)carry;
                carry >>= 8;
            }

            if (carry != 0)
                return false;
        }

        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes[..21], hash);
        SHA256.HashData(hash, hash);
        return hash[..4].SequenceEqual(bytes[21..]);
    }

    /// <summary>A Bech32 or Bech32m address.</summary>
    public static bool IsBech32(string text)
    {
        var lower = text.ToLowerInvariant();
        if (text.Any(char.IsAsciiLetterLower) && text.Any(char.IsAsciiLetterUpper))
            return false;
        var separator = lower.LastIndexOf('1');
        var check = 1u;
        foreach (var c in lower.AsSpan(0, separator))
            check = Step(check, c >> 5);
        check = Step(check, 0);
        foreach (var c in lower.AsSpan(0, separator))
            check = Step(check, c & 31);
        foreach (var c in lower.AsSpan(separator + 1))
        {
            var value = Bech32.IndexOf(c, StringComparison.Ordinal);
            if (value < 0)
                return false;
            check = Step(check, value);
        }

        return check is Bech32Residue or Bech32mResidue;
    }

    /// <summary>Forty hexadecimal digits behind <c>0x</c>, of which the letters are capitals where the hash of the text says so (EIP-55). All in one case carry no checksum.</summary>
    public static bool IsEip55(string text)
    {
        var digits = text.AsSpan(2);
        var lower = digits.ToString().ToLowerInvariant();
        if (digits.SequenceEqual(lower) || digits.SequenceEqual(lower.ToUpperInvariant()))
            return false;
        Span<byte> hash = stackalloc byte[32];
        Keccak.Hash256(Encoding.ASCII.GetBytes(lower), hash);
        for (var i = 0; i < digits.Length; i++)
        {
            var nibble = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15;
            if (char.IsAsciiLetter(digits[i]) && char.IsAsciiLetterUpper(digits[i]) != nibble >= 8)
                return false;
        }

        return true;
    }

    private static uint Step(uint check, int value)
    {
        var top = check >> 25;
        check = ((check & 0x1ffffff) << 5) ^ (uint)value;
        for (var i = 0; i < 5; i++)
        {
            if ((top >> i & 1) != 0)
                check ^= Generator[i];
        }

        return check;
    }
}
