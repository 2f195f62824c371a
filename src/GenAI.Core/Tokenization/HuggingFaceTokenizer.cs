using System.Collections.Concurrent;
using Microsoft.ML.Tokenizers;

namespace GenAI.Core.Tokenization;

/// <summary>
/// The tokenizer of a published model, read from the files beside it: <c>tokenizer.json</c>, or <c>vocab.txt</c>, <c>vocab.json</c> and
/// <c>merges.txt</c>, or a SentencePiece model. Its ids are those of Hugging Face's own <c>tokenizers</c> library, and its ranges are of the original text.
/// </summary>
/// <remarks>
/// <para>
/// WordPiece, byte-pair encoding (also of bytes), unigram and word-level vocabularies, with their normalizers, splitters, special tokens, truncation
/// and padding. Half a surrogate pair counts as U+FFFD. Results are the same on every system: no table of the operating system is used.
/// </para>
/// <para>
/// Safe for concurrent use. Encoding into a <see cref="TokenEncoding"/> that is used again allocates nothing, however many tokens there are.
/// </para>
/// <para>
/// It is a tokenizer of Microsoft.ML.Tokenizers too, so that <c>TokenCounter.FromTokenizer</c> counts with it. Of that base class's members,
/// those that give ids or count add the special tokens, as the model gets them; those that give tokens or places in the text do not. Whether
/// to normalise and split is the files' to say: the arguments for it are not heeded.
/// </para>
/// </remarks>
public sealed partial class HuggingFaceTokenizer : Tokenizer
{
    // As many calls at once as have been; each keeps about 1.5 MB.
    private readonly ConcurrentQueue<TokenizerScratch> _scratch = new();
    private readonly TokenizerDefinition _definition;
    private readonly TokenizerPipeline _pipeline;
    private readonly SpecialTokens _special;

    internal HuggingFaceTokenizer(TokenizerDefinition definition, SpecialTokens special)
    {
        _definition = definition;
        _pipeline = new TokenizerPipeline(definition);
        _special = special;
    }

    /// <summary>Reads the tokenizer of a model folder, or one tokenizer file.</summary>
    /// <param name="path">
    /// A folder, of which the first of <c>tokenizer.json</c>, a SentencePiece model, <c>vocab.json</c> with <c>merges.txt</c>, and <c>vocab.txt</c> is read; or
    /// one of these files. <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c> beside it are read too.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is <see langword="null"/> or empty.</exception>
    /// <exception cref="FileNotFoundException">There is no such file, or none of them in the folder.</exception>
    /// <exception cref="InvalidDataException">A file is malformed, or of a kind that is not known; the message names the file and the field.</exception>
    public static HuggingFaceTokenizer Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return TokenizerFiles.Load(path);
    }

    /// <summary>Reads a tokenizer from the content of a <c>tokenizer.json</c>.</summary>
    /// <param name="utf8Json">The content, in UTF-8.</param>
    /// <param name="name">What error messages call the file.</param>
    /// <exception cref="InvalidDataException">The content is malformed, or of a kind that is not known; the message names the field.</exception>
    public static HuggingFaceTokenizer Parse(ReadOnlySpan<byte> utf8Json, string name = "tokenizer.json")
    {
        ArgumentNullException.ThrowIfNull(name);
        return new HuggingFaceTokenizer(TokenizerJson.Read(utf8Json, name), new SpecialTokens());
    }

    /// <summary>One more than the highest id: the rows that the model's embedding table must have.</summary>
    public int VocabularySize => Math.Max(_definition.Model.Table.MaxId, _pipeline.Added.MaxId) + 1;

    /// <summary>The longest input of the model in tokens, from <c>tokenizer_config.json</c> (<c>model_max_length</c>), or <see langword="null"/> if it names none.</summary>
    public int? ModelMaxTokens => _special.ModelMaxTokens;

    /// <summary>How the files say that long texts are cut, or <see langword="null"/>.</summary>
    public TokenTruncation? Truncation => _definition.Truncation;

    /// <summary>How the files say that short encodings are filled up, or <see langword="null"/>.</summary>
    public TokenPadding? Padding => _definition.Padding;

    /// <summary>The id of the padding token, or <see langword="null"/> if there is none.</summary>
    public int? PaddingId => Padding?.Id ?? Special("pad_token", "[PAD]", "<pad>");

    /// <summary>The id of the classification token (<c>[CLS]</c>, <c>&lt;s&gt;</c>), or <see langword="null"/>.</summary>
    public int? ClassificationId => Special("cls_token", "[CLS]", "<s>");

    /// <summary>The id of the separator (<c>[SEP]</c>, <c>&lt;/s&gt;</c>), or <see langword="null"/>.</summary>
    public int? SeparatorId => Special("sep_token", "[SEP]", "</s>");

    /// <summary>The id of the mask token, or <see langword="null"/>.</summary>
    public int? MaskId => Special("mask_token", "[MASK]", "<mask>");

    /// <summary>The id of the token for what the vocabulary does not know, or <see langword="null"/>.</summary>
    public int? UnknownId => _definition.Model.UnknownId is var id and >= 0 ? id : Special("unk_token", "[UNK]", "<unk>");

    /// <summary>The id of the token that the model names for what it does not know; -1 if it names none, as unigram models do, which know it by its number.</summary>
    internal int ModelUnknownId => _definition.Model is UnigramModel ? -1 : _definition.Model.UnknownId;

    /// <summary>The id of the token at the beginning of a text, or <see langword="null"/>.</summary>
    public int? BeginId => Special("bos_token", "<s>");

    /// <summary>The id of the token at the end of a text, or <see langword="null"/>.</summary>
    public int? EndId => Special("eos_token", "</s>", "<|endoftext|>");

    /// <summary>The number of special tokens that are added around one text, or around a pair.</summary>
    /// <param name="pair">Whether around a pair. The default is around one text.</param>
    public int SpecialTokenCount(bool pair = false) => _definition.Template.SpecialCount(pair);

    /// <summary>The id of a token, or <see langword="null"/> if the vocabulary does not have it.</summary>
    /// <param name="token">The token as the vocabulary writes it, such as <c>##ing</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="token"/> is <see langword="null"/>.</exception>
    public int? FindId(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var id = _pipeline.Added.Find(token);
        if (id < 0)
            id = _definition.Model.Table.Find(token);
        return id < 0 ? null : id;
    }

    /// <summary>The token of an id as the vocabulary writes it, or <see langword="null"/> if the vocabulary does not have it.</summary>
    /// <param name="id">The id.</param>
    public string? FindToken(int id) => _pipeline.Added.Token(id)?.Content ?? _definition.Model.Table.Token(id);

    /// <summary>Encodes a text into a buffer that can be used again.</summary>
    /// <param name="text">The text; an empty one has only special tokens.</param>
    /// <param name="encoding">What is overwritten.</param>
    /// <param name="options">How; see there for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="encoding"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="TokenEncodingOptions.MaxTokens"/> is negative, or has no room for the special tokens.</exception>
    public void Encode(ReadOnlySpan<char> text, TokenEncoding encoding, in TokenEncodingOptions options = default)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        var limit = LimitFor(options, pair: false);
        var work = Rent();
        _pipeline.Tokenize(text, work.First, options.Ranges, work);
        TokenAssembly.Fill(work.First, null, _definition.Template, limit, Truncation, options.Pad ? Padding : null, options, encoding);
        Return(work);
    }

    /// <summary>Encodes a pair of texts, such as a question and a passage.</summary>
    /// <param name="text">The first text.</param>
    /// <param name="second">The second text.</param>
    /// <param name="encoding">What is overwritten.</param>
    /// <param name="options">How; see there for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="encoding"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="TokenEncodingOptions.MaxTokens"/> is negative, or has no room for the special tokens.</exception>
    /// <exception cref="InvalidOperationException">The text that <see cref="TokenTruncation.Strategy"/> leaves whole has too many tokens.</exception>
    public void Encode(ReadOnlySpan<char> text, ReadOnlySpan<char> second, TokenEncoding encoding, in TokenEncodingOptions options = default)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        var limit = LimitFor(options, pair: true);
        var work = Rent();
        _pipeline.Tokenize(text, work.First, options.Ranges, work);
        _pipeline.Tokenize(second, work.Second, options.Ranges, work);
        TokenAssembly.Fill(work.First, work.Second, _definition.Template, limit, Truncation, options.Pad ? Padding : null, options, encoding);
        Return(work);
    }

    /// <summary>Encodes a text, whole, in windows of at most the options' number of tokens, each with its special tokens.</summary>
    /// <param name="text">The text.</param>
    /// <param name="options">How; without a limit there, or in the files, there is one window.</param>
    /// <param name="stride">How many tokens two neighbouring windows share. The default is none.</param>
    /// <returns>One window at least: from the start of the text to its end, or from the end to the start where the files cut on the left.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="TokenEncodingOptions.MaxTokens"/> is negative or has no room for the special tokens; <paramref name="stride"/> is negative or leaves no token to a window.</exception>
    public IReadOnlyList<TokenEncoding> EncodeWindows(ReadOnlySpan<char> text, TokenEncodingOptions options, int stride = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stride);
        var limit = LimitFor(options, pair: false);
        var room = limit - (options.OmitSpecialTokens ? 0 : SpecialTokenCount());
        if (stride > 0 && stride >= room)
            throw new ArgumentOutOfRangeException(nameof(stride), stride, $"A window has room for {room} tokens; neighbours must share fewer.");

        var work = Rent();
        _pipeline.Tokenize(text, work.First, options.Ranges, work);
        var windows = new List<TokenEncoding>();
        var (tokens, count) = (work.First, work.First.Count);
        for (var done = 0; windows.Count == 0 || done < count;)
        {
            var length = Math.Min(room, count - done);
            var start = Truncation?.Side == TokenSide.Left ? count - done - length : done;
            var window = new TokenEncoding();
            TokenAssembly.Put((tokens, start, length), default, _definition.Template, options.Pad ? Padding : null, options, window);
            window.FullCount = window.Count - window.PaddingCount;
            windows.Add(window);
            done += length;
            if (length == 0)
                break;
            if (done < count)
                done -= stride;
        }

        Return(work);
        return windows;
    }

    /// <summary>The number of tokens of a text, never truncated. Nothing is allocated.</summary>
    /// <param name="text">The text.</param>
    /// <param name="omitSpecialTokens">Whether to leave out the special tokens that the model expects around it. The default is to count them.</param>
    public int Count(ReadOnlySpan<char> text, bool omitSpecialTokens = false)
    {
        var work = Rent();
        _pipeline.Tokenize(text, work.First, ranges: false, work);
        var count = work.First.Count + (omitSpecialTokens ? 0 : SpecialTokenCount());
        Return(work);
        return count;
    }

    // A call that fails leaves its scratch to the collector: it may be half written.
    private TokenizerScratch Rent() => _scratch.TryDequeue(out var work) ? work : new TokenizerScratch();

    private void Return(TokenizerScratch work)
    {
        work.Trim();
        _scratch.Enqueue(work);
    }

    // The most tokens of an encoding, special ones included; int.MaxValue for no limit.
    private int LimitFor(in TokenEncodingOptions options, bool pair)
    {
        if (options.MaxTokens < 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxTokens, "MaxTokens must be 0, for the limit of the tokenizer's files, or more.");
        var limit = options.MaxTokens != 0 ? options.MaxTokens : Truncation?.MaxTokens ?? int.MaxValue;
        var special = options.OmitSpecialTokens ? 0 : SpecialTokenCount(pair);
        if (limit <= special)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), limit, $"MaxTokens must be more than the {special} special tokens around the text; or leave them out with OmitSpecialTokens.");
        }

        return limit;
    }

    private int? Special(string role, params ReadOnlySpan<string> customary)
    {
        if (_special.Contents.TryGetValue(role, out var content))
            return FindId(content);
        foreach (var token in customary)
        {
            if (FindId(token) is { } id)
                return id;
        }

        return null;
    }
}
