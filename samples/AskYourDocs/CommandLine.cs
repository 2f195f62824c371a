namespace AskYourDocs;

/// <summary>What the user typed.</summary>
/// <param name="Folder">The folder with the documents.</param>
/// <param name="Question">The question, if there is one.</param>
/// <param name="IndexFolder">The folder that the index is kept in; null for memory.</param>
/// <param name="Endpoint">The address of a model's server.</param>
/// <param name="Model">The model's name there; without a server, the folder of a local embedding model.</param>
/// <param name="Reranker">The folder of a local cross-encoder.</param>
internal sealed record CommandLine(string Folder, string? Question, string? IndexFolder, Uri? Endpoint, string? Model, string? Reranker)
{
    public const string Usage = """
        Usage: AskYourDocs <folder> ["<question>"] [--index DIR | --no-index] [--model FOLDER] [--reranker FOLDER]
               AskYourDocs <folder> ["<question>"] [--index DIR | --no-index] --endpoint URL --model NAME [--reranker FOLDER]

          <folder>      a folder with .md and .txt files; the folders below it are read too
          <question>    what to ask; without one you are asked for questions until you leave a line empty
          --index       the folder to keep the index in; the default is one in your cache folder for each folder of documents
          --no-index    keep the index in memory and read all documents anew each time
          --endpoint    the address of an OpenAI-compatible server, such as http://localhost:11434/v1
          --model       with --endpoint, the name of the model on that server; a key, where the server wants one, is read from
                        the environment variable OPENAI_API_KEY
                        without --endpoint, the folder of a local embedding model, exported to ONNX
          --reranker    the folder of a local cross-encoder, exported to ONNX

        Without --endpoint nothing leaves this machine: answers are quotes from the documents.
        Exit codes: 0 answered, 1 the documents hold no answer, 2 wrong command line, 3 folder cannot be used, 4 model failed, 5 index cannot be used, 6 blocked by a guardrail, 130 cancelled.
        """;

    /// <summary>Whether the user asks how to call the program.</summary>
    public static bool AsksForHelp(string[] args) => args.Any(argument => argument is "--help" or "-h" or "-?");

    /// <summary>Reads the arguments.</summary>
    /// <returns>The command line, or what is wrong with it.</returns>
    public static (CommandLine? CommandLine, string? Problem) Parse(string[] args)
    {
        var words = new List<string>();
        string? endpoint = null, model = null, reranker = null, index = null;
        var noIndex = false;
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--endpoint" or "--model" or "--reranker" or "--index" when i + 1 == args.Length:
                    return (null, $"{args[i]} needs a value.");
                case "--endpoint":
                    endpoint = args[++i];
                    break;
                case "--index":
                    index = args[++i];
                    break;
                case "--no-index":
                    noIndex = true;
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
        if (words.Count == 2 && string.IsNullOrWhiteSpace(words[1]))
            return (null, "The question is empty. Leave it out to be asked for questions.");
        if (index is not null && noIndex)
            return (null, "--index and --no-index contradict each other.");
        if (index is not null && string.IsNullOrWhiteSpace(index))
            return (null, "--index needs the name of a folder.");
        if (endpoint is not null && model is null)
            return (null, "--endpoint needs --model, the name of the model on that server.");
        if (endpoint is null && model is not null && !Directory.Exists(model))
            return (null, $"There is no folder '{model}'. Without --endpoint, --model is the folder of a local embedding model; for a model on a server add --endpoint URL.");
        if (reranker is not null && !Directory.Exists(reranker))
            return (null, $"There is no folder '{reranker}'. --reranker is the folder of a local cross-encoder.");

        Uri? address = null;
        if (endpoint is not null && (!Uri.TryCreate(endpoint, UriKind.Absolute, out address) || address.Scheme is not ("http" or "https")))
            return (null, $"'{endpoint}' is not an http address. An example: http://localhost:11434/v1");
        if (string.IsNullOrWhiteSpace(words[0]))
            return (null, "Name the folder with your documents.");

        // Vectors of two models do not go together: each has an index of its own.
        var indexFolder = noIndex ? null : index ?? IndexFolders.Of(words[0], endpoint is null ? model : null);
        return (new CommandLine(words[0], words.Count > 1 ? words[1] : null, indexFolder, address, model, reranker), null);
    }
}
