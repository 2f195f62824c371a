using GenAI.Core.Onnx.Tests.Graphs;

namespace GenAI.Core.Benchmarks.Onnx;

/// <summary>A model folder with random weights, and texts of known numbers of tokens for it.</summary>
internal sealed class BenchmarkModel : IDisposable
{
    private readonly ModelFolderWriter _folder;
    private readonly string[] _vocabulary;

    public BenchmarkModel(BertShape shape)
    {
        _vocabulary = shape.Vocabulary == TestVocabulary.Size ? TestVocabulary.Tokens : TestVocabulary.Large(shape.Vocabulary);
        _folder = ModelFolderWriter.SentenceModel(new BertWeights(shape), maxTokens: shape.MaxPositions);
        _folder.WriteTokenizer(shape.MaxPositions, _vocabulary);
    }

    public string Path => _folder.Path;

    public string Graph => _folder.PathOf("model.onnx");

    /// <summary>A text of whole words that has this many tokens, with [CLS] and [SEP].</summary>
    public string Text(int tokens, Random random) => string.Join(' ', Words(tokens, random).Select(id => _vocabulary[id]));

    /// <summary>The ids of such a text, as the tokenizer makes them.</summary>
    public long[] Ids(int tokens, Random random) => [2, .. Words(tokens, random).Select(id => (long)id), 3];

    public void Dispose() => _folder.Dispose();

    // Whole words stand behind the special tokens, letters and pieces.
    private int[] Words(int tokens, Random random)
    {
        var first = _vocabulary.Length > TestVocabulary.Size ? TestVocabulary.Size : Array.IndexOf(_vocabulary, "the");
        var last = _vocabulary.Length > TestVocabulary.Size ? _vocabulary.Length : Array.IndexOf(_vocabulary, "passage");
        return [.. Enumerable.Range(0, tokens - 2).Select(_ => random.Next(first, last))];
    }
}
