namespace GenAI.Core.Chunking;

/// <summary>Short texts that show what a counter makes of each group of scripts.</summary>
internal static class TokenSamples
{
    /// <summary>English as documents have it: prose, a list, a link, a table and code.</summary>
    public const string Ascii = """
        ## Install the package

        The library reads a folder of documents and answers questions about them. Before you start, make sure that the
        following requirements are met:

        - **Runtime**: version 10.0 or later (see [downloads](https://example.org/en/download)).
        - At least 512 MB of free memory, depending on the number of documents.

        | Option | Default | Description |
        |--------|---------|-------------|
        | `MaxTokens` | 512 | The largest number of tokens in a chunk. |

        ```csharp
        var chunker = new RecursiveChunker(new() { MaxTokens = 256 });
        foreach (var chunk in chunker.Split(document))
            Console.WriteLine($"{chunk.Ordinal}: {chunk.Text.Length}");
        ```

        When the command has finished, you should see the name of each file. If it fails, check whether the folder exists.
        """;

    /// <summary>Russian, Greek, and the letters that European languages add to the Latin alphabet.</summary>
    public const string Alphabets =
        "\u0412\u0441\u0435 \u043B\u044E\u0434\u0438 \u0440\u043E\u0436\u0434\u0430\u044E\u0442\u0441\u044F \u0441\u0432\u043E\u0431\u043E\u0434\u043D\u044B\u043C\u0438 \u0438 \u0440\u0430\u0432\u043D\u044B\u043C\u0438. " +
        "\u038C\u03BB\u03BF\u03B9 \u03BF\u03B9 \u03AC\u03BD\u03B8\u03C1\u03C9\u03C0\u03BF\u03B9 \u03B3\u03B5\u03BD\u03BD\u03B9\u03BF\u03CD\u03BD\u03C4\u03B1\u03B9 \u03B5\u03BB\u03B5\u03CD\u03B8\u03B5\u03C1\u03BF\u03B9. " +
        "\u00E9\u00E8 \u00FC\u00F6 \u00E4\u00DF \u0161\u010D \u0142\u0119 \u00F1\u00E7 \u00F8\u00E5";

    /// <summary>Chinese, Japanese, Korean, Hindi and Arabic.</summary>
    public const string Others =
        "\u4EBA\u4EBA\u751F\u800C\u81EA\u7531\uFF0C\u5728\u5C0A\u4E25\u548C\u6743\u5229\u4E0A\u4E00\u5F8B\u5E73\u7B49\u3002" +
        "\u3059\u3079\u3066\u306E\u4EBA\u9593\u306F\u3001\u751F\u307E\u308C\u306A\u304C\u3089\u306B\u3057\u3066\u81EA\u7531\u3067\u3042\u308B\u3002" +
        "\uBAA8\uB4E0 \uC778\uAC04\uC740 \uD0DC\uC5B4\uB0A0 \uB54C\uBD80\uD130 \uC790\uC720\uB85C\uC6B0\uBA70. " +
        "\u0938\u092D\u0940 \u092E\u0928\u0941\u0937\u094D\u092F \u0938\u094D\u0935\u0924\u0902\u0924\u094D\u0930 \u0939\u0948\u0902\u0964 " +
        "\u064A\u0648\u0644\u062F \u062C\u0645\u064A\u0639 \u0627\u0644\u0646\u0627\u0633 \u0623\u062D\u0631\u0627\u0631\u064B\u0627.";
}
