namespace GenAI.Core.Chunking;

/// <summary>The limits of a chunker.</summary>
/// <remarks>A chunker copies them when it is made; changing them later changes nothing.</remarks>
public sealed class ChunkerOptions
{
    /// <summary>The largest number of tokens in a chunk, as <see cref="Counter"/> counts its text; at least 1.</summary>
    /// <value>The default is 512, the length of most embedding models' input.</value>
    /// <remarks>
    /// No chunk exceeds it, whatever the text, but for one case: a single code point that alone has more tokens.
    /// A grapheme cluster that alone has more tokens is cut between its code points; any other is kept whole.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is 0 or negative.</exception>
    public int MaxTokens
    {
        get;
        set
        {
            if (value < 1)
                throw new ArgumentOutOfRangeException(nameof(MaxTokens), value, $"MaxTokens is {value}; a chunk needs room for at least 1 token.");
            field = value;
        }
    } = 512;

    /// <summary>About how many tokens at the end of a chunk the next one begins with too; 0 for none, and less than <see cref="MaxTokens"/>.</summary>
    /// <value>The default is 64.</value>
    /// <remarks>
    /// An overlap begins where a sentence or a word does, so it is usually a little shorter; it is left out where it would cut
    /// something that must stay whole or leave no room. It counts towards <see cref="MaxTokens"/>.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int OverlapTokens
    {
        get;
        set
        {
            if (value < 0)
                throw new ArgumentOutOfRangeException(nameof(OverlapTokens), value, $"OverlapTokens is {value}; use 0 for no overlap.");
            field = value;
        }
    } = 64;

    /// <summary>Counts the tokens.</summary>
    /// <value>The default is <see cref="TokenCounter.Estimate"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TokenCounter Counter
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Counter));
            field = value;
        }
    } = TokenCounter.Estimate;
}
