using System.Buffers.Binary;
using System.Text;

namespace GenAI.Core.Tokenization;

/// <summary>Reads a SentencePiece model (protocol buffers), unigram or byte-pair, as Hugging Face converts them.</summary>
internal static class SentencePieceFile
{
    private const int Unknown = 2, Control = 3, UserDefined = 4;

    private sealed class Content
    {
        public List<(string Text, float Score, int Type)> Pieces { get; } = [];

        public byte[] Table { get; set; } = [];

        public bool IsBytePairs { get; set; }

        public bool FallsBackToBytes { get; set; }

        public bool AddsPrefix { get; set; } = true;

        public bool RemovesSpaces { get; set; } = true;
    }

    public static TokenizerDefinition Read(ReadOnlySpan<byte> data, string file, SpecialTokens special)
    {
        var content = new Content();
        try
        {
            ReadModel(data, content);
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or InvalidDataException or IndexOutOfRangeException or OverflowException)
        {
            throw Error(file, "it is no SentencePiece model, or cut short", exception);
        }

        var unknown = content.Pieces.FindIndex(piece => piece.Type == Unknown);
        if (unknown < 0)
            throw Error(file, "it has no token for what is unknown, and no SentencePiece model lacks that", null);
        return content.IsBytePairs ? BytePairs(content, unknown, file, special) : Unigram(content, unknown, special);
    }

    private static TokenizerDefinition Unigram(Content content, int unknown, SpecialTokens special)
    {
        var normalizers = new List<TextNormalizer>();
        if (content.Table.Length > 0)
            normalizers.Add(new PrecompiledNormalizer(content.Table));
        if (content.RemovesSpaces)
        {
            normalizers.Add(new StripNormalizer(left: false, right: true));
            normalizers.Add(new ReplaceNormalizer(TextPattern.Regex(" {2,}"), "\u2581"));
        }

        var model = new UnigramModel([.. content.Pieces.Select(piece => KeyValuePair.Create(piece.Text, (double)piece.Score))], unknown, content.FallsBackToBytes);
        var prefix = content.AddsPrefix ? MetaspacePrefix.Always : MetaspacePrefix.Never;
        return new TokenizerDefinition
        {
            Normalizers = [.. normalizers],
            PreTokenizers = [new MetaspacePreTokenizer('\u2581', prefix, split: true)],
            Model = model,
            Template = Template(model.Table, special, begins: false),
            Decoders = [TokenDecoder.Metaspace('\u2581', content.AddsPrefix)],
            AddedTokens = Added(content),
        };
    }

    private static TokenizerDefinition BytePairs(Content content, int unknown, string file, SpecialTokens special)
    {
        var tokens = content.Pieces.Select((piece, id) => KeyValuePair.Create(piece.Text, id)).ToList();
        var table = new TokenTable(tokens);
        var settings = new BpeSettings { UnknownId = unknown, FusesUnknown = true, FallsBackToBytes = content.FallsBackToBytes };
        var merges = ModelSettings.Merges(Merges(content, table), table, 0, what => Error(file, what, null));
        return new TokenizerDefinition
        {
            Normalizers = [.. content.AddsPrefix ? (TextNormalizer[])[new PrependNormalizer("\u2581")] : [], new ReplaceNormalizer(TextPattern.Literal(" "), "\u2581")],
            PreTokenizers = ModelSettings.WordSplitter(tokens) is { } splitter ? [splitter] : [],
            Model = new BpeModel(table, merges, settings, takesBytes: false),
            Template = Template(table, special, begins: true),
            Decoders =
            [
                TokenDecoder.Replace(TextPattern.Literal("\u2581"), " "), new ByteFallbackDecoder(), new FuseDecoder(), TokenDecoder.Strip(' ', content.AddsPrefix ? 1 : 0, 0),
            ],
            AddedTokens = Added(content),
        };
    }

    // Every way to cut a token into two others is a merge; the token's score says how early, then the halves' ids. (Runs of spaces have one score.)
    private static List<(string, string)> Merges(Content content, TokenTable table)
    {
        var merges = new List<(float Score, int Left, int Right, string Text, int Cut)>();
        foreach (var (text, score, _) in content.Pieces)
        {
            for (var cut = 1; cut < text.Length; cut++)
            {
                if (!char.IsLowSurrogate(text[cut]) && table.Find(text.AsSpan(0, cut)) is var left and >= 0 && table.Find(text.AsSpan(cut)) is var right and >= 0)
                    merges.Add((-score, left, right, text, cut));
            }
        }

        return [.. merges.OrderBy(merge => (merge.Score, merge.Left, merge.Right)).Select(merge => (merge.Text[..merge.Cut], merge.Text[merge.Cut..]))];
    }

    private static AddedToken[] Added(Content content) =>
    [
        .. content.Pieces.Select((piece, id) => (piece, id)).Where(entry => entry.piece.Type is Unknown or Control or UserDefined)
            .Select(entry => new AddedToken(entry.id, entry.piece.Text) { IsSpecial = entry.piece.Type != UserDefined }),
    ];

    // Llama begins its texts, T5 ends them; both name the tokens.
    private static TokenTemplate Template(TokenTable table, SpecialTokens special, bool begins)
    {
        var id = table.Find(special.Contents.GetValueOrDefault(begins ? "bos_token" : "eos_token", begins ? "<s>" : "</s>"));
        if (id < 0)
            return TokenTemplate.Plain;
        return begins
            ? new([TemplatePart.Special(id), TemplatePart.Text(0, 0)], [TemplatePart.Special(id), TemplatePart.Text(0, 0), TemplatePart.Special(id, 1), TemplatePart.Text(1, 1)])
            : new([TemplatePart.Text(0, 0), TemplatePart.Special(id)], [TemplatePart.Text(0, 0), TemplatePart.Special(id), TemplatePart.Text(1, 0), TemplatePart.Special(id)]);
    }

    private static void ReadModel(ReadOnlySpan<byte> data, Content content)
    {
        while (!data.IsEmpty)
        {
            var (field, value, bytes) = Field(ref data);
            if (field == 1)
                content.Pieces.Add(ReadPiece(bytes));
            else if (field == 2)
                ReadTrainer(bytes, content);
            else if (field == 3)
                ReadNormalizer(bytes, content);
        }
    }

    private static (string, float, int) ReadPiece(ReadOnlySpan<byte> data)
    {
        var (text, score, type) = ("", 0f, 1);
        while (!data.IsEmpty)
        {
            var (field, value, bytes) = Field(ref data);
            (text, score, type) = field switch
            {
                1 => (Encoding.UTF8.GetString(bytes), score, type),
                2 => (text, BitConverter.UInt32BitsToSingle((uint)value), type),
                3 => (text, score, (int)value),
                _ => (text, score, type),
            };
        }

        return (text, score, type);
    }

    private static void ReadTrainer(ReadOnlySpan<byte> data, Content content)
    {
        while (!data.IsEmpty)
        {
            var (field, value, _) = Field(ref data);
            if (field == 3)
                content.IsBytePairs = value switch { 1 => false, 2 => true, _ => throw new InvalidDataException($"the model's type is {value}, neither unigram nor byte pairs") };
            else if (field == 35)
                content.FallsBackToBytes = value != 0;
        }
    }

    private static void ReadNormalizer(ReadOnlySpan<byte> data, Content content)
    {
        while (!data.IsEmpty)
        {
            var (field, value, bytes) = Field(ref data);
            if (field == 2)
                content.Table = bytes.ToArray();
            else if (field == 3)
                content.AddsPrefix = value != 0;
            else if (field == 4)
                content.RemovesSpaces = value != 0;
        }
    }

    // A field of a protocol-buffers message: its number and its value, a number or bytes.
    private static ProtoField Field(ref ReadOnlySpan<byte> data)
    {
        var tag = Varint(ref data);
        ulong value = 0;
        var size = 0;
        switch (tag & 7)
        {
            case 0:
                return new((int)(tag >> 3), Varint(ref data), []);
            case 1:
                value = BinaryPrimitives.ReadUInt64LittleEndian(data);
                size = 8;
                break;
            case 2:
                var length = checked((int)Varint(ref data));
                var bytes = data[..length];
                data = data[length..];
                return new((int)(tag >> 3), 0, bytes);
            case 5:
                value = BinaryPrimitives.ReadUInt32LittleEndian(data);
                size = 4;
                break;
            default:
                throw new InvalidDataException("a field of an unknown kind");
        }

        data = data[size..];
        return new((int)(tag >> 3), value, []);
    }

    private static ulong Varint(ref ReadOnlySpan<byte> data)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = data[0];
            data = data[1..];
            if (shift > 63)
                throw new InvalidDataException("a number that is too long");
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }

    private static InvalidDataException Error(string file, string what, Exception? inner) =>
        new($"The tokenizer file '{file}' cannot be used: {what}. Get it anew from where the model is published.", inner);

    private readonly ref struct ProtoField(int number, ulong value, ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public void Deconstruct(out int field, out ulong content, out ReadOnlySpan<byte> data)
        {
            field = number;
            content = value;
            data = _bytes;
        }
    }
}
