namespace GenAI.Core.Onnx.Tests.Graphs;

/// <summary>WordPiece for plain lower-case ASCII, written anew in a few lines: what the tests' expected ids come from.</summary>
internal static class WordPieceReference
{
    private static readonly Dictionary<string, int> Ids = TestVocabulary.Tokens.Select((token, id) => (token, id)).ToDictionary(entry => entry.token, entry => entry.id);

    /// <summary>The ids of a text between [CLS] and [SEP].</summary>
    public static int[] Encode(string text, int maxTokens = int.MaxValue)
    {
        var inner = Inner(text);
        return [2, .. inner.Take(maxTokens - 2), 3];
    }

    /// <summary>The ids of a pair, and the segment of each.</summary>
    public static (int[] Ids, int[] Types) EncodePair(string first, string second)
    {
        var (a, b) = (Encode(first), Inner(second));
        return ([.. a, .. b, 3], [.. a.Select(_ => 0), .. b.Select(_ => 1), 1]);
    }

    private static List<int> Inner(string text)
    {
        var ids = new List<int>();
        foreach (var word in Words(text.ToLowerInvariant()))
        {
            var pieces = new List<int>();
            for (var start = 0; start < word.Length;)
            {
                var end = word.Length;
                while (end > start && !Ids.ContainsKey(Piece(word, start, end)))
                    end--;
                if (end == start)
                {
                    pieces = [1];
                    break;
                }

                pieces.Add(Ids[Piece(word, start, end)]);
                start = end;
            }

            ids.AddRange(pieces);
        }

        return ids;
    }

    private static string Piece(string word, int start, int end) => (start == 0 ? "" : "##") + word[start..end];

    private static IEnumerable<string> Words(string text)
    {
        var word = "";
        foreach (var c in text + " ")
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                word += c;
                continue;
            }

            if (word.Length > 0)
                yield return word;
            word = "";
            if (!char.IsWhiteSpace(c))
                yield return c.ToString();
        }
    }
}
