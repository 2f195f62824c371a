using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace GenAI.Core.Leaks;

/// <summary>The parts of a URL that matter to whether text leaves by it: the host, and what path, query and fragment say when decoded.</summary>
internal static class UrlContent
{
    // Shorter encoded texts are names and identifiers.
    private const int FewestEncoded = 24;

    // Three words are a phrase; two may be a search.
    private const int FewestWords = 4;

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly SearchValues<char> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-");

    /// <summary>The host of an absolute or protocol-relative URL, without user and port; empty if there is none.</summary>
    public static ReadOnlySpan<char> HostOf(ReadOnlySpan<char> url)
    {
        var slashes = url.IndexOfAny('/', '\\');
        if (slashes < 0 || slashes + 1 >= url.Length || url[slashes + 1] is not ('/' or '\\'))
            return [];
        // Browsers take any number of slashes, either way.
        var host = url[slashes..].TrimStart("/\\");
        var end = host.IndexOfAny("/\\?#".AsSpan());
        host = end < 0 ? host : host[..end];
        host = host[(host.LastIndexOf('@') + 1)..];
        if (host.StartsWith("["))
            return host;
        var port = host.IndexOf(':');
        return (port < 0 ? host : host[..port]).TrimEnd('.');
    }

    /// <summary>Whether it carries text.</summary>
    public static bool CarriesText(ReadOnlySpan<char> url, Func<string, bool>? carriesContext)
    {
        var host = HostOf(url);
        var rest = host.IsEmpty ? url : url[(url.IndexOf(host, StringComparison.Ordinal) + host.Length)..];
        foreach (var range in rest.SplitAny("?&=;#/"))
        {
            var part = rest[range];
            if (part.IsEmpty)
                continue;
            var said = Uri.UnescapeDataString(part.ToString()).Replace('+', ' ');
            if (carriesContext is not null)
            {
                if (carriesContext(said) || (Decode(part) is { } hidden && carriesContext(hidden)))
                    return true;
                continue;
            }

            if (Words(said) >= FewestWords || Decode(part) is not null)
                return true;
        }

        return false;
    }

    private static int Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Count(word => word.Length > 1 && word.All(char.IsLetter));

    // Text in base 64 or hexadecimal; null if it is none.
    private static string? Decode(ReadOnlySpan<char> part)
    {
        if (part.Length < FewestEncoded)
            return null;
        byte[]? bytes = null;
        if (part.Length % 2 == 0 && !part.ContainsAnyExcept(Hex))
            bytes = Convert.FromHexString(part);
        else if (!part.ContainsAnyExcept(Base64))
        {
            var text = part[..(part.Length % 4 == 1 ? part.Length - 1 : part.Length)].ToString().Replace('+', '-').Replace('/', '_');
            bytes = Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
        }

        return bytes is not null && bytes.All(b => b is >= 0x20 and < 0x7F or (byte)'\n' or (byte)'\t' or (byte)'\r') ? Encoding.ASCII.GetString(bytes) : null;
    }
}
