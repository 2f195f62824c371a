using GenAI.Core.Chunking;
using GenAI.Core.Tokenization;

namespace Guides;

internal static class Tokenizing
{
    // <snippet:tokenize>
    public static void Print(string modelFolder, string text)
    {
        var tokenizer = HuggingFaceTokenizer.Load(modelFolder);
        var encoding = new TokenEncoding(); // to use again, text after text

        tokenizer.Encode(text, encoding, new TokenEncodingOptions { MaxTokens = 512, Ranges = true });

        for (var i = 0; i < encoding.Count; i++)
            Console.WriteLine($"{encoding.Ids[i]} {tokenizer.FindToken(encoding.Ids[i])} '{encoding.Ranges[i].Of(text)}'");
        Console.WriteLine(encoding.IsTruncated ? $"cut from {encoding.FullCount} tokens" : "whole");
    }
    // </snippet:tokenize>

    // <snippet:count-with-tokenizer>
    public static IChunker ChunkerFor(string modelFolder)
    {
        var tokenizer = HuggingFaceTokenizer.Load(modelFolder);
        return new RecursiveChunker(new ChunkerOptions { MaxTokens = 512, Counter = TokenCounter.FromTokenizer(tokenizer) });
    }
    // </snippet:count-with-tokenizer>
}
