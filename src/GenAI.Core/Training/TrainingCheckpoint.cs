using System.IO.Hashing;
using System.Runtime.InteropServices;
using GenAI.Core.Storage;

namespace GenAI.Core.Training;

/// <summary>A file with the state of a training: a mark, what it is the training of, the state, and a checksum over all of it. Little-endian; whole and durable, or the one before it.</summary>
internal static class TrainingCheckpoint
{
    private const int ChecksumBytes = 16;

    private static ReadOnlySpan<byte> Magic => "GenAITr1"u8;

    /// <summary>Writes the state.</summary>
    /// <param name="folder">The file's folder.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="training">The hash of pairs and options.</param>
    /// <param name="state">The state.</param>
    /// <exception cref="IOException">The disk is full, or the file cannot be written.</exception>
    public static void Save(StorageFolder folder, string name, ReadOnlySpan<byte> training, TrainingState state)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        writer.Write(training);
        writer.Write(state.Step);
        writer.Write(state.LossSum);
        writer.Write(state.LossCount);
        writer.Write(state.Misses);
        writer.Write(state.BestStep);
        writer.Write(state.BestGain);
        writer.Write(state.Curve.Count);
        foreach (var point in state.Curve)
        {
            writer.Write(point.Step);
            writer.Write(point.Loss);
            writer.Write(point.ValidationGain ?? double.NaN);
        }

        foreach (var numbers in state.Numbers)
            writer.Write(MemoryMarshal.AsBytes<float>(numbers));
        writer.Write(XxHash128.Hash(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        try
        {
            AtomicFile.Write(folder, name, stream.GetBuffer().AsSpan(0, (int)stream.Length));
        }
        catch (IOException error)
        {
            throw new IOException($"The checkpoint '{Path.Combine(folder.Path, name)}' of step {state.Step} could not be written: {error.Message} It takes {stream.Length} bytes, and as much again for a moment. Make room and start again: training goes on from the checkpoint before, if there is one.", error);
        }
    }

    /// <summary>Reads a state into one that has the right sizes.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or of another training.</exception>
    public static void Load(StorageFolder folder, string name, ReadOnlySpan<byte> training, int steps, TrainingState state)
    {
        var path = Path.Combine(folder.Path, name);
        var bytes = ReadAll(folder, name);
        if (bytes.Length < Magic.Length + ChecksumBytes || !bytes.AsSpan().StartsWith(Magic) || !XxHash128.Hash(bytes.AsSpan(0, bytes.Length - ChecksumBytes)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - ChecksumBytes)))
            throw new InvalidDataException($"'{path}' is no checkpoint of a training, or is damaged. Delete it to train from the start.");

        using var stream = new MemoryStream(bytes);
        using var reader = new BinaryReader(stream);
        stream.Position = Magic.Length;
        if (!reader.ReadBytes(training.Length).AsSpan().SequenceEqual(training))
            throw new InvalidDataException($"The checkpoint '{path}' is of a training with other pairs or options. Give the same ones to go on with it, or delete it to train from the start.");
        state.Step = reader.ReadInt32();
        state.LossSum = reader.ReadDouble();
        state.LossCount = reader.ReadInt32();
        state.Misses = reader.ReadInt32();
        state.BestStep = reader.ReadInt32();
        state.BestGain = reader.ReadDouble();
        var points = reader.ReadInt32();
        for (var i = 0; i < points; i++)
        {
            var (step, loss, gain) = (reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble());
            state.Curve.Add(new StaticEmbeddingTrainingProgress(step, steps, loss, double.IsNaN(gain) ? null : gain));
        }

        foreach (var numbers in state.Numbers)
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
    }

    private static byte[] ReadAll(StorageFolder folder, string name)
    {
        using var file = folder.Open(name);
        var bytes = new byte[file.Length];
        for (var read = 0; read < bytes.Length;)
        {
            var count = file.Read(bytes.AsSpan(read), read);
            if (count == 0)
                break;
            read += count;
        }

        return bytes;
    }
}
