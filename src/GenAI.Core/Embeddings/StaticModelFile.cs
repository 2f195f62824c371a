using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using GenAI.Core.Storage;

namespace GenAI.Core.Embeddings;

/// <summary>A file with a static model, mapped into memory and verified. Safe for concurrent use until it is disposed of.</summary>
internal sealed unsafe class StaticModelFile : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly FileMapping _mapping;
    private readonly string _path;
    private readonly StaticModelLayout _layout;

    private StaticModelFile(FileMapping mapping, string path)
    {
        _mapping = mapping;
        _path = path;
        _layout = ReadHeader();
        ContentHash = Verify();
        CountQuarters = BinaryPrimitives.ReadInt32LittleEndian(File[20..]) is >= 0 and <= 4 and var quarters ? quarters : throw Damaged("it counts tokens in a way that is not known");
        Properties = ReadProperties();
        (Name, Version) = (Property(StaticModelFormat.NameKey), Property(StaticModelFormat.VersionKey));
        Lengths = ReadLengths();
        Vocabulary = ReadVocabulary();
        Multipliers = ReadMultipliers();
    }

    public string Name { get; }

    public string Version { get; }

    /// <summary>The hash of the file's content, which is its checksum too: XXH128, in hexadecimal.</summary>
    public string ContentHash { get; }

    /// <inheritdoc cref="StaticModel.Properties"/>
    public IReadOnlyDictionary<string, string> Properties { get; }

    /// <summary>The lengths that a vector can be cut to, the shortest first, the whole one last.</summary>
    public IReadOnlyList<int> Lengths { get; }

    public StaticVocabulary Vocabulary { get; }

    /// <inheritdoc cref="StaticModel.CountQuarters"/>
    public int CountQuarters { get; }

    public int RowLength => _layout.RowLength;

    /// <summary>By row: its weight, times its scale.</summary>
    public float[] Multipliers { get; }

    /// <summary>The first row's first code; rows are <see cref="StaticModelFormat.Stride"/> apart, and zero behind their end.</summary>
    public sbyte* Rows => (sbyte*)(_mapping.Start + _layout.Rows);

    private ReadOnlySpan<byte> File => new(_mapping.Start, (int)_mapping.Length);

    private ReadOnlySpan<float> Scales => MemoryMarshal.Cast<byte, float>(File.Slice((int)_layout.Scales, 4 * _layout.Count));

    private ReadOnlySpan<float> Weights => MemoryMarshal.Cast<byte, float>(File.Slice((int)_layout.Weights, 4 * _layout.Count));

    /// <summary>Maps a file and verifies it, every byte.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not a static model, or cut off or damaged.</exception>
    /// <exception cref="NotSupportedException">It is of a newer version.</exception>
    public static StaticModelFile Open(string path)
    {
        path = Path.GetFullPath(path);
        if (!System.IO.File.Exists(path))
            throw new FileNotFoundException($"There is no static model '{path}'. Name a {StaticModelFormat.Extension} file, such as the one in the package GenAI.Core.Models.Small.", path);
        return Open(DiskFolder.Open(Path.GetDirectoryName(path)!), Path.GetFileName(path));
    }

    /// <inheritdoc cref="Open(string)"/>
    public static StaticModelFile Open(StorageFolder folder, string name)
    {
        var path = Path.Combine(folder.Path, name);
        if (folder.GetLength(name) < StaticModelFormat.HeaderBytes)
            throw new InvalidDataException($"'{path}' is cut off: it has {folder.GetLength(name)} bytes. {Remedy}");
        var mapping = folder.Map(name);
        try
        {
            return new StaticModelFile(mapping, path);
        }
        catch
        {
            mapping.Dispose();
            throw;
        }
    }

    /// <summary>The model in single precision, to go on training from. Rows are as exact as their codes.</summary>
    public StaticModel ToModel()
    {
        var (rows, stride) = (new float[_layout.Count * RowLength], StaticModelFormat.Stride(RowLength));
        for (var i = 0; i < _layout.Count; i++)
        {
            for (var j = 0; j < RowLength; j++)
                rows[i * RowLength + j] = Rows[(long)i * stride + j] * Scales[i];
        }

        var properties = Properties.Where(pair => pair.Key is not (StaticModelFormat.NameKey or StaticModelFormat.VersionKey or StaticModelFormat.LengthsKey)).ToDictionary();
        return new StaticModel
        {
            Name = Name,
            Version = Version,
            Vocabulary = Vocabulary,
            Weights = Weights.ToArray(),
            RowLength = RowLength,
            Rows = rows,
            CountQuarters = CountQuarters,
            Lengths = Lengths,
            Properties = properties,
        };
    }

    public void Dispose() => _mapping.Dispose();

    private const string Remedy = "Get the file again: restore the package GenAI.Core.Models.Small, or train the model anew.";

    private StaticModelLayout ReadHeader()
    {
        if (_mapping.Length > Array.MaxLength || !File.StartsWith(StaticModelFormat.Magic))
            throw new InvalidDataException($"'{_path}' is not a static model. Name a {StaticModelFormat.Extension} file; a published model is a folder with model.safetensors, and is loaded by the folder's name.");
        if (BinaryPrimitives.ReadUInt64LittleEndian(File[StaticModelFormat.HeaderChecksumOffset..]) != Checksum.Of(File[..StaticModelFormat.HeaderChecksumOffset]))
            throw Damaged("the checksum of its header is wrong");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(File[8..]);
        if (version > StaticModelFormat.Version)
            throw new NotSupportedException($"'{_path}' has format version {version}; this version of GenAI.Core reads up to {StaticModelFormat.Version}. Use a newer GenAI.Core, or the model that came with this one.");

        int Number(int offset) => BinaryPrimitives.ReadInt32LittleEndian(File[offset..]);
        var layout = new StaticModelLayout(Number(12), Number(16), Number(24), Number(28));
        if (version == 0 || layout.Count is < 1 or > StaticModelFormat.MaxRows || layout.RowLength is < 1 or > StaticModelFormat.MaxRowLength || layout.PropertyBytes < 0 || layout.VocabularyBytes < 0)
            throw Damaged("its header makes no sense");
        var length = BinaryPrimitives.ReadInt64LittleEndian(File[32..]);
        if (_mapping.Length < length)
            throw new InvalidDataException($"'{_path}' is cut off: it has {_mapping.Length} bytes of {length}. {Remedy}");
        return length == layout.Length && length == _mapping.Length ? layout : throw Damaged("its length is wrong");
    }

    private string Verify()
    {
        Span<byte> hash = stackalloc byte[StaticModelFormat.ChecksumBytes];
        XxHash128.Hash(File[..(int)_layout.Checksum], hash);
        return hash.SequenceEqual(File[(int)_layout.Checksum..]) ? Convert.ToHexStringLower(hash) : throw Damaged("its checksum is wrong");
    }

    private Dictionary<string, string> ReadProperties()
    {
        var bytes = File.Slice(StaticModelLayout.Properties, _layout.PropertyBytes);
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            var count = BinaryPrimitives.ReadInt32LittleEndian(Take(ref bytes, 4));
            for (var i = 0; i < count; i++)
            {
                var key = Utf8.GetString(Take(ref bytes, BinaryPrimitives.ReadInt32LittleEndian(Take(ref bytes, 4))));
                properties[key] = Utf8.GetString(Take(ref bytes, BinaryPrimitives.ReadInt32LittleEndian(Take(ref bytes, 4))));
            }

            return properties;
        }
        catch (Exception error) when (error is ArgumentException)
        {
            throw Damaged("its properties are cut off or not UTF-8", error);
        }

        static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int count)
        {
            var taken = bytes[..count];
            bytes = bytes[count..];
            return taken;
        }
    }

    private string Property(string key) =>
        Properties.TryGetValue(key, out var value) && !string.IsNullOrWhiteSpace(value) ? value : throw Damaged($"it has no property '{key}'");

    private List<int> ReadLengths()
    {
        var lengths = new List<int>();
        foreach (var text in Property(StaticModelFormat.LengthsKey).Split(' '))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length < 2 || length > RowLength + 1 || lengths.Count > 0 && length <= lengths[^1])
                throw Damaged($"'{text}' is no length of a vector");
            lengths.Add(length);
        }

        return lengths[^1] == RowLength + 1 ? lengths : throw Damaged($"its vectors have {lengths[^1]} components, and its rows {RowLength}");
    }

    private StaticVocabulary ReadVocabulary()
    {
        StaticVocabulary vocabulary;
        try
        {
            vocabulary = StaticVocabulary.FromBytes(File.Slice((int)_layout.Vocabulary, _layout.VocabularyBytes));
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"'{_path}' cannot be used: {error.Message} {Remedy}", error);
        }

        return vocabulary.Count == _layout.Count ? vocabulary : throw Damaged($"it has {_layout.Count} rows for {vocabulary.Count} tokens");
    }

    private float[] ReadMultipliers()
    {
        var multipliers = new float[_layout.Count];
        for (var i = 0; i < multipliers.Length; i++)
        {
            multipliers[i] = Weights[i] * Scales[i];
            if (!(Weights[i] >= 0 && Weights[i] <= StaticModelFormat.MaxValue && Scales[i] >= 0 && Scales[i] <= StaticModelFormat.MaxValue))
                throw Damaged($"row {i} has the weight {Weights[i]} and the scale {Scales[i]}");
        }

        return multipliers;
    }

    private InvalidDataException Damaged(string what, Exception? inner = null) => new($"'{_path}' is damaged: {what}. {Remedy}", inner);
}
