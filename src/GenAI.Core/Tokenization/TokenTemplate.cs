namespace GenAI.Core.Tokenization;

/// <summary>A part of what the model takes in: the tokens of a text, or special tokens.</summary>
/// <param name="Sequence">0 for the text, 1 for the second text, -1 for special tokens.</param>
/// <param name="TypeId">The type id of the tokens.</param>
/// <param name="Ids">The special tokens.</param>
internal sealed record TemplatePart(int Sequence, int TypeId, int[] Ids)
{
    public static TemplatePart Text(int sequence, int typeId) => new(sequence, typeId, []);

    public static TemplatePart Special(int id, int typeId = 0) => new(-1, typeId, [id]);
}

/// <summary>How the tokens of one text, or two, are put together with special tokens.</summary>
internal sealed class TokenTemplate(TemplatePart[] single, TemplatePart[] pair)
{
    private readonly int _singleSpecial = single.Sum(part => part.Ids.Length), _pairSpecial = pair.Sum(part => part.Ids.Length);

    /// <summary>No special tokens.</summary>
    public static TokenTemplate Plain { get; } = new([TemplatePart.Text(0, 0)], [TemplatePart.Text(0, 0), TemplatePart.Text(1, 1)]);

    /// <summary>Whether white space at the ends of tokens is left out of their ranges (byte-level tokenizers).</summary>
    public bool TrimsRanges { get; init; }

    /// <summary>Whether a space before the first token was put there by the tokenizer.</summary>
    public bool AddsPrefixSpace { get; init; }

    /// <summary>The parts, in order.</summary>
    public TemplatePart[] Parts(bool isPair) => isPair ? pair : single;

    public int SpecialCount(bool isPair) => isPair ? _pairSpecial : _singleSpecial;

    public TokenTemplate Trimming(bool addsPrefixSpace) => new(single, pair) { TrimsRanges = true, AddsPrefixSpace = addsPrefixSpace };

    /// <summary>BERT's: <c>[CLS] A [SEP] B [SEP]</c>.</summary>
    public static TokenTemplate Bert(int cls, int sep) => new(
        [TemplatePart.Special(cls), TemplatePart.Text(0, 0), TemplatePart.Special(sep)],
        [TemplatePart.Special(cls), TemplatePart.Text(0, 0), TemplatePart.Special(sep), TemplatePart.Text(1, 1), TemplatePart.Special(sep, 1)]);

    /// <summary>RoBERTa's: <c>&lt;s&gt; A &lt;/s&gt; &lt;/s&gt; B &lt;/s&gt;</c>, all of type 0.</summary>
    public static TokenTemplate Roberta(int cls, int sep) => new(
        [TemplatePart.Special(cls), TemplatePart.Text(0, 0), TemplatePart.Special(sep)],
        [TemplatePart.Special(cls), TemplatePart.Text(0, 0), TemplatePart.Special(sep), TemplatePart.Special(sep), TemplatePart.Text(1, 0), TemplatePart.Special(sep)]);
}
