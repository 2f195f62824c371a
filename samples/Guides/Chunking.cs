using GenAI.Core;
using GenAI.Core.Chunking;

namespace Guides;

internal static class Chunking
{
    public static async Task RunAsync()
    {
        // <snippet:chunk>
        var document = new Document { Id = "guide.md", Text = "# Lamps\n\nA lamp is red.\n\n## Cleaning\n\nUse a dry cloth." };
        var chunker = new MarkdownChunker(new ChunkerOptions { MaxTokens = 256, OverlapTokens = 32 });

        await foreach (var chunk in chunker.ChunkAsync(document))
        {
            Console.WriteLine($"{chunk.Ordinal} {string.Join(" > ", chunk.Headings)} {chunk.TokenCount} tokens");
            Console.WriteLine(chunk.Range.Of(document.Text) == chunk.Text); // always True
        }
        // </snippet:chunk>
    }
}
