namespace AskYourDocs;

/// <summary>What the user typed.</summary>
internal sealed record CommandLine(string Folder, string? Question, Uri? Endpoint, string? Model, string? Reranker)
{
    public const string Usage = """
        Usage: AskYourDocs <folder> ["<question>"] [--model FOLDER] [--reranker FOLDER]
               AskYourDocs <folder> ["<question>"] --endpoint URL --model NAME [--reranker FOLDER]

          <folder>      a folder with .md and .txt files; the folders below it are read too
          <question>    what to ask; without one you are asked for questions until you leave a line empty
          --endpoint    the address of an OpenAI-compatible server, such as http://localhost:11434/v1
          --model       with --endpoint, the name of the model on that server; a key, where the server wants one, is read from
                        the environment variable OPENAI_API_KEY
                        without --endpoint, the folder of a local embedding model, exported to ONNX
          --reranker    the folder of a local cross-encoder, exported to ONNX

        Without --endpoint nothing leaves this machine: answers are quotes from the documents.
        Exit codes: 0 answered, 1 the documents hold no answer, 2 wrong command line, 3 folder cannot be used, 4 model failed, 130 cancelled.
        """;

    /// <summary>Reads the arguments.</summary>
    /// <returns>The command line, or what is wrong with it.</returns>
    public static (CommandLine? CommandLine, string? Problem) Parse(string[] args)
    {
        var words = new List<string>();
        string? endpoint = null, model = null, reranker = null;
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--endpoint" or "--model" or "--reranker" when i + 1 == args.Length:
                    return (null, $"{args[i]} needs a value.");
                case "--endpoint":
                    endpoint = args[++i];
                    break;
                case "--model":
                    model = args[++i];
                    break;
                case "--reranker":
                    reranker = args[++i];
                    break;
                case ['-', '-', ..]:
                    return (null, $"There is no option {args[i]}.");
                default:
                    words.Add(args[i]);
                    break;
            }
        }

        if (words.Count == 0)
            return (null, "Name the folder with your documents.");
        if (words.Count > 2)
            return (null, $"There is one word too many: '{words[2]}'. Put the question in quotation marks.");
        if (endpoint is not null && model is null)
            return (null, "--endpoint needs --model, the name of the model on that server.");
        if (endpoint is null && model is not null && !Directory.Exists(model))
            return (null, $"There is no folder '{model}'. Without --endpoint, --model is the folder of a local embedding model; for a model on a server add --endpoint URL.");
        if (reranker is not null && !Directory.Exists(reranker))
            return (null, $"There is no folder '{reranker}'. --reranker is the folder of a local cross-encoder.");

        Uri? address = null;
        if (endpoint is not null && (!Uri.TryCreate(endpoint, UriKind.Absolute, out address) || address.Scheme is not ("http" or "https")))
            return (null, $"'{endpoint}' is not an http address. An example: http://localhost:11434/v1");
        return (new CommandLine(words[0], words.Count > 1 ? words[1] : null, address, model, reranker), null);
    }
}
