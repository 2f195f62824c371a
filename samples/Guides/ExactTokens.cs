using GenAI.Core.Chunking;
using Microsoft.ML.Tokenizers;

namespace Guides;

internal static class ExactTokens
{
    // <snippet:exact-tokens>
    public static IChunker ChunkerFor(Stream vocabulary)
    {
        Tokenizer tokenizer = BertTokenizer.Create(vocabulary);
        return new RecursiveChunker(new ChunkerOptions { Counter = TokenCounter.FromTokenizer(tokenizer) });
    }
    // </snippet:exact-tokens>
}
