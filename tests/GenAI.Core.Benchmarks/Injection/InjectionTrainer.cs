using GenAI.Core.Injection;

namespace GenAI.Core.Benchmarks.Injection;

/// <summary>Makes the weights of the injection guardrail: logistic regression by stochastic gradients (AdaGrad), on windows of sentences.</summary>
internal static class InjectionTrainer
{
    // Chosen by leaving out a source or a category at a time; see docs/decisions/0112-injection.md.
    private const int Epochs = 6;
    private const float Rate = 0.3f, Decay = 2e-6f, Dropout = 0.3f;
    private const double FalseAlarms = 0.005;

    // One section in so many is not trained on but used to set the thresholds: on what was learnt, false alarms are too rare.
    private const int ThresholdEvery = 5;

    private static readonly int[] Windows = [1, 3, 8];

    /// <summary>Trains on what a choice lets through.</summary>
    public static InjectionModel Train(InjectionData data, Func<Sample, bool> isTrained, bool quick = false)
    {
        var direct = Fit(DirectExamples(data, isTrained), quick);
        var indirect = Fit(IndirectExamples(data, isTrained), quick);
        var (directScale, indirectScale) = (direct.Weights.Max(Math.Abs) / 127, indirect.Weights.Max(Math.Abs) / 127);
        var weights = new sbyte[2 * InjectionFeatures.Buckets];
        for (var i = 0; i < InjectionFeatures.Buckets; i++)
        {
            weights[2 * i] = (sbyte)MathF.Round(direct.Weights[i] / directScale);
            weights[2 * i + 1] = (sbyte)MathF.Round(indirect.Weights[i] / indirectScale);
        }

        // Zero is where false alarms are as rare as wanted on the harmless texts of every kind.
        var raw = new InjectionDetector(new InjectionModel(weights, directScale, direct.Bias, indirectScale, indirect.Bias), 0, 0, 0);
        IReadOnlyList<Sample>[] prompts = [data.Prompts, Some(data.Questions), Some(data.Sections), Some(data.Contexts)], documents = prompts;
        var (d, n) = (Threshold(raw, prompts, isTrained, isDirect: true), Threshold(raw, documents, isTrained, isDirect: false));
        return new InjectionModel(weights, directScale, direct.Bias - d, indirectScale, indirect.Bias - n);
    }

    private static IReadOnlyList<Sample> Some(IReadOnlyList<Sample> samples) => [.. samples.Where((_, i) => i % ThresholdEvery == 0)];

    private static IEnumerable<Sample> Others(IReadOnlyList<Sample> samples) => samples.Where((_, i) => i % ThresholdEvery != 0);

    private static float Threshold(InjectionDetector detector, IReadOnlyList<Sample>[] kinds, Func<Sample, bool> isTrained, bool isDirect) => kinds.Max(kind =>
    {
        var scores = kind.Where(isTrained).Select(sample => detector.Score(sample.Text, isDirect)).OrderDescending().ToArray();
        return scores.Length == 0 ? 0 : scores[(int)(FalseAlarms * scores.Length)] + 0.01f;
    });

    private static IEnumerable<(int[] Features, bool IsAttack, float Weight)> DirectExamples(InjectionData data, Func<Sample, bool> isTrained)
    {
        foreach (var sample in data.Direct.Where(isTrained))
        {
            // A long prompt has a few hundred windows, of which each says little; a short one is one.
            var windows = WindowsOf(sample.Text, attack: true);
            foreach (var window in windows)
                yield return (window, true, 12f / MathF.Sqrt(windows.Count));
        }

        foreach (var seed in InjectionSeeds.Direct(3000))
            yield return (WindowsOf(seed, attack: true)[^1], true, 1);
        foreach (var text in data.Prompts.Concat(Others(data.Questions)).Where(isTrained).Select(sample => sample.Text).Concat(InjectionSeeds.Harmless(4000)))
        {
            foreach (var window in WindowsOf(text, attack: false))
                yield return (window, false, 2);
        }

        foreach (var text in Others(data.Sections).Concat(Others(data.Contexts)).Where(isTrained))
        {
            foreach (var window in WindowsOf(text.Text, attack: false))
                yield return (window, false, 1);
        }
    }

    private static IEnumerable<(int[] Features, bool IsAttack, float Weight)> IndirectExamples(InjectionData data, Func<Sample, bool> isTrained)
    {
        foreach (var sample in data.Indirect.Where(isTrained))
        {
            // The code that is to be added looks like any other, and a question like those that documents ask and answer.
            var told = sample.Text.Split("```")[0];
            if (told.EndsWith('?'))
                continue;
            foreach (var sentence in SentencesOf(told))
                yield return (sentence, true, 30);
        }

        foreach (var seed in InjectionSeeds.Indirect(12_000))
        {
            foreach (var sentence in SentencesOf(seed))
                yield return (sentence, true, 1);
        }

        foreach (var text in Others(data.Sections).Concat(Others(data.Contexts)).Concat(data.Prompts).Concat(Others(data.Questions)).Where(isTrained))
        {
            foreach (var sentence in SentencesOf(text.Text))
                yield return (sentence, false, 1);
        }
    }

    private static (float[] Weights, float Bias) Fit(IEnumerable<(int[] Features, bool IsAttack, float Weight)> examples, bool quick)
    {
        var all = examples.Where(example => example.Features.Length > 0).ToArray();
        var random = new Random(5);
        var (weights, squares) = (new float[InjectionFeatures.Buckets], new float[InjectionFeatures.Buckets]);
        var (bias, biasSquares) = (-4f, 1f);
        for (var epoch = 0; epoch < (quick ? 2 : Epochs); epoch++)
        {
            random.Shuffle(all);
            foreach (var (features, isAttack, weight) in all)
            {
                var kept = 0f;
                var sum = 0f;
                var seed = random.Next();
                foreach (var feature in features)
                {
                    if (IsDropped(feature, seed))
                        continue;
                    sum += weights[feature];
                    kept++;
                }

                if (kept == 0)
                    continue;
                var x = 1 / MathF.Sqrt(kept);
                var error = weight * (1 / (1 + MathF.Exp(-(bias + sum * x))) - (isAttack ? 1 : 0));
                if (MathF.Abs(error) < 1e-3f)
                    continue;
                foreach (var feature in features)
                {
                    if (IsDropped(feature, seed))
                        continue;
                    var gradient = error * x + Decay * weights[feature];
                    squares[feature] += gradient * gradient;
                    weights[feature] -= Rate * gradient / MathF.Sqrt(squares[feature] + 1e-2f);
                }

                biasSquares += error * error;
                bias -= Rate * error / MathF.Sqrt(biasSquares);
            }
        }

        return (weights, bias);
    }

    private static bool IsDropped(int feature, int seed) => (uint)((feature ^ seed) * 0x9E3779B1) / (float)uint.MaxValue < Dropout;

    private static List<int[]> SentencesOf(string text)
    {
        var normal = new NormalText();
        normal.Read(text);
        var sink = new Collected();
        InjectionFeatures.Read(normal.Text, ref sink);
        return sink.Sentences;
    }

    // As the guardrail looks at a text, each second window of the larger sizes; a single sentence of a long attack may be harmless.
    private static List<int[]> WindowsOf(string text, bool attack)
    {
        var sentences = SentencesOf(text);
        var windows = new List<int[]>();
        foreach (var size in Windows)
        {
            if (!attack || size > 1 || sentences.Count <= 3)
            {
                for (var i = 0; i == 0 || i + size <= sentences.Count; i += Math.Max(1, size / 2))
                    windows.Add([.. sentences.Skip(i).Take(size).SelectMany(sentence => sentence)]);
            }

            if (sentences.Count <= size)
                break;
        }

        return windows;
    }

    private struct Collected() : InjectionFeatures.ISink
    {
        private List<int> _features = [];

        public List<int[]> Sentences { get; } = [];

        public readonly void Feature(int bucket) => _features.Add(bucket);

        public void Sentence(TextRange range, int words)
        {
            Sentences.Add([.. _features]);
            _features = [];
        }
    }
}
