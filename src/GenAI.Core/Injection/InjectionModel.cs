using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GenAI.Core.Injection;

/// <summary>
/// Two linear models over the features of sentences: one of what users write to talk a model out of its instructions, one of sentences in documents that are addressed to a model. Weights are bytes,
/// in an embedded resource that the command <c>train-injection</c> of the benchmarks makes.
/// </summary>
internal sealed class InjectionModel
{
    private const string Resource = "GenAI.Core.Injection.injection-model.bin";
    private const int Header = 16;

    private static readonly Lazy<InjectionModel> Shipped = new(Load);

    private readonly sbyte[] _weights;

    /// <param name="weights">For each bucket that of the direct and that of the indirect model.</param>
    /// <param name="directScale">What a unit of weight of the direct model counts.</param>
    /// <param name="directBias">What no feature counts.</param>
    /// <param name="indirectScale">As for the direct model.</param>
    /// <param name="indirectBias">As for the direct model.</param>
    public InjectionModel(sbyte[] weights, float directScale, float directBias, float indirectScale, float indirectBias) =>
        (_weights, DirectScale, DirectBias, IndirectScale, IndirectBias) = (weights, directScale, directBias, indirectScale, indirectBias);

    public static InjectionModel Default => Shipped.Value;

    public float DirectScale { get; }

    public float DirectBias { get; }

    public float IndirectScale { get; }

    public float IndirectBias { get; }

    /// <summary>Scores the sentences of a normal text.</summary>
    public List<SentenceScore> Score(ReadOnlySpan<char> text)
    {
        var sink = new Sums(_weights);
        InjectionFeatures.Read(text, ref sink);
        return sink.Sentences;
    }

    /// <summary>The logarithm of the odds of sums of weights over so many features.</summary>
    public float Direct(int sum, int features) => DirectBias + DirectScale * sum / MathF.Sqrt(features);

    /// <summary>As <see cref="Direct"/>.</summary>
    public float Indirect(int sum, int features) => IndirectBias + IndirectScale * sum / MathF.Sqrt(features);

    /// <summary>The bytes of the resource.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Header + _weights.Length];
        foreach (var (i, value) in (ReadOnlySpan<(int, float)>)[(0, DirectScale), (4, DirectBias), (8, IndirectScale), (12, IndirectBias)])
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i), value);
        for (var i = 0; i < _weights.Length; i++)
            bytes[Header + i] = (byte)_weights[i];
        return bytes;
    }

    private static InjectionModel Load()
    {
        using var stream = typeof(InjectionModel).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"The resource {Resource} is not in the assembly.");
        var bytes = new byte[Header + 2 * InjectionFeatures.Buckets];
        stream.ReadExactly(bytes);
        float At(int i) => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i));
        return new InjectionModel([.. MemoryMarshal.Cast<byte, sbyte>(bytes.AsSpan(Header))], At(0), At(4), At(8), At(12));
    }

    private struct Sums(sbyte[] weights) : InjectionFeatures.ISink
    {
        private int _direct;
        private int _indirect;
        private int _features;

        public List<SentenceScore> Sentences { get; } = [];

        public void Feature(int bucket)
        {
            _direct += weights[2 * bucket];
            _indirect += weights[2 * bucket + 1];
            _features++;
        }

        public void Sentence(TextRange range, int words)
        {
            Sentences.Add(new SentenceScore(range, words, _features, _direct, _indirect));
            (_direct, _indirect, _features) = (0, 0, 0);
        }
    }
}

/// <summary>What the models say of a sentence: sums of weights, which add up over sentences.</summary>
internal readonly record struct SentenceScore(TextRange Range, int Words, int Features, int Direct, int Indirect);
