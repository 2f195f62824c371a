using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using GenAI.Core.Storage;

namespace GenAI.Core.Embeddings;

/// <summary>Writes a static model to a file. The same model gives the same bytes.</summary>
internal static class StaticModelWriter
{
    /// <summary>Writes a file, whole and durable, or leaves the one that was there.</summary>
    /// <exception cref="ArgumentException">The model is none: the message says what is wrong.</exception>
    /// <exception cref="IOException">The disk is full, or the file cannot be written.</exception>
    public static void Write(StaticModel model, string path)
    {
        path = Path.GetFullPath(path);
        Write(model, DiskFolder.OpenOrCreate(Path.GetDirectoryName(path)!), Path.GetFileName(path));
    }

    /// <inheritdoc cref="Write(StaticModel, string)"/>
    public static void Write(StaticModel model, StorageFolder folder, string name) => AtomicFile.Write(folder, name, ToBytes(model));

    /// <summary>The file's bytes.</summary>
    /// <exception cref="ArgumentException">The model is none: the message says what is wrong.</exception>
    public static byte[] ToBytes(StaticModel model)
    {
        Check(model);
        var properties = Properties(model);
        var vocabulary = model.Vocabulary.ToBytes();
        var layout = new StaticModelLayout(model.Vocabulary.Count, model.RowLength, properties.Length, vocabulary.Length);
        if (layout.Length > Array.MaxLength)
            throw new ArgumentException($"The model would be a file of {layout.Length} bytes; at most {Array.MaxLength} are possible. Use a smaller vocabulary.", nameof(model));

        var file = new byte[layout.Length];
        WriteHeader(file, model, layout);
        properties.CopyTo(file, StaticModelLayout.Properties);
        vocabulary.CopyTo(file, layout.Vocabulary);
        for (var i = 0; i < layout.Count; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan((int)layout.Weights + 4 * i), model.Weights[i]);
            var codes = MemoryMarshal.Cast<byte, sbyte>(file.AsSpan((int)layout.Rows + i * StaticModelFormat.Stride(model.RowLength), model.RowLength));
            BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan((int)layout.Scales + 4 * i), RowQuantizer.Quantize(model.Rows.AsSpan(i * model.RowLength, model.RowLength), codes));
        }

        XxHash128.Hash(file.AsSpan(0, (int)layout.Checksum), file.AsSpan((int)layout.Checksum));
        return file;
    }

    private static void WriteHeader(Span<byte> file, StaticModel model, in StaticModelLayout layout)
    {
        StaticModelFormat.Magic.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file[8..], StaticModelFormat.Version);
        BinaryPrimitives.WriteInt32LittleEndian(file[12..], layout.Count);
        BinaryPrimitives.WriteInt32LittleEndian(file[16..], layout.RowLength);
        BinaryPrimitives.WriteInt32LittleEndian(file[20..], model.CountQuarters);
        BinaryPrimitives.WriteInt32LittleEndian(file[24..], layout.PropertyBytes);
        BinaryPrimitives.WriteInt32LittleEndian(file[28..], layout.VocabularyBytes);
        BinaryPrimitives.WriteInt64LittleEndian(file[32..], layout.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(file[StaticModelFormat.HeaderChecksumOffset..], Checksum.Of(file[..StaticModelFormat.HeaderChecksumOffset]));
    }

    // A number of pairs, then each key and value with its length in bytes before it.
    private static byte[] Properties(StaticModel model)
    {
        var all = new SortedDictionary<string, string>(model.Properties.ToDictionary(), StringComparer.Ordinal)
        {
            [StaticModelFormat.NameKey] = model.Name,
            [StaticModelFormat.VersionKey] = model.Version,
            [StaticModelFormat.LengthsKey] = string.Join(' ', model.Lengths.Order().Select(length => length.ToString(CultureInfo.InvariantCulture))),
        };
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(all.Count);
        foreach (var text in all.SelectMany(pair => (string[])[pair.Key, pair.Value]))
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }

        writer.Flush();
        return stream.ToArray();
    }

    private static void Check(StaticModel model)
    {
        static ArgumentException Wrong(string what) => new(what, nameof(model));

        foreach (var (name, value) in new[] { (nameof(model.Name), model.Name), (nameof(model.Version), model.Version) })
        {
            if (string.IsNullOrWhiteSpace(value))
                throw Wrong($"{name} is empty.");
        }

        var (rows, length) = (model.Vocabulary.Count, model.RowLength);
        if (rows is < 1 or > StaticModelFormat.MaxRows)
            throw Wrong($"The vocabulary has {rows} tokens; a model has 1 to {StaticModelFormat.MaxRows}.");
        if (length is < 1 or > StaticModelFormat.MaxRowLength)
            throw Wrong($"A row has {length} components; from 1 to {StaticModelFormat.MaxRowLength} are possible.");
        if (model.Weights.Length != rows || model.Rows.Length != (long)rows * length)
            throw Wrong($"{rows} tokens need {rows} weights and {(long)rows * length} values in rows; there are {model.Weights.Length} and {model.Rows.Length}.");
        if (model.CountQuarters is < 0 or > 4)
            throw Wrong($"CountQuarters is {model.CountQuarters}; from 0 to 4 are possible.");
        if (!model.Lengths.Contains(length + 1) || model.Lengths.Any(cut => cut < 2 || cut > length + 1))
            throw Wrong($"The lengths {string.Join(", ", model.Lengths)} must lie between 2 and {length + 1}, and {length + 1} must be one of them: a vector has one component more than a row.");
        for (var i = 0; i < rows; i++)
        {
            if (!(model.Weights[i] >= 0 && model.Weights[i] <= StaticModelFormat.MaxValue))
                throw Wrong($"The weight of token {i} is {model.Weights[i]}; it must be a number from 0 to {StaticModelFormat.MaxValue}.");
            if (model.Rows.AsSpan(i * length, length).IndexOfAnyExceptInRange(-StaticModelFormat.MaxValue, StaticModelFormat.MaxValue) is >= 0 and var place)
                throw Wrong($"The row of token {i} has {model.Rows[i * length + place]} at component {place}: training has gone astray there.");
        }
    }
}
