namespace GenAI.Core.VectorStores;

/// <summary>A batch as a record of the log: the collection, the keys that are removed, the records that are put, and their vectors.</summary>
internal static class BatchRecord
{
    // The first byte of a record says what it is; there may be others one day.
    private const byte Kind = 1;

    public static LogWriter Write(string collection, object[] removed, StagedBatch? batch, TablePart columns)
    {
        var log = new LogWriter();
        try
        {
            log.Byte(Kind);
            log.Value(collection);
            WriteKeys(log, removed, columns);
            WriteKeys(log, batch?.Keys ?? [], columns);
            if (batch is null)
                return log;

            for (var record = 0; record < batch.Count; record++)
            {
                var values = batch.DataOf(record);
                for (var i = 0; i < values.Length; i++)
                    columns.Columns[i].WriteValue(log, values[i]);
            }

            for (var vector = 0; vector < batch.Vectors.Length; vector++)
                WriteVectors(log, batch, vector, columns.Vectors[vector].Dimensions);
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>The collection that a record is of.</summary>
    public static string CollectionOf(ReadOnlySpan<byte> record)
    {
        var log = new LogReader(record);
        return ReadCollection(ref log);
    }

    public static (object[] Removed, StagedBatch? Batch) Read(ReadOnlySpan<byte> record, TablePart columns)
    {
        var log = new LogReader(record);
        ReadCollection(ref log);
        var removed = ReadKeys(ref log, columns);
        var keys = ReadKeys(ref log, columns);
        if (keys.Length == 0)
            return (removed, null);

        var batch = new StagedBatch(keys.Length, columns.Columns.Length, columns.Vectors.Length);
        keys.CopyTo(batch.Keys, 0);
        for (var i = 0; i < batch.Count; i++)
        {
            var values = batch.DataOf(i);
            for (var column = 0; column < values.Length; column++)
                values[column] = columns.Columns[column].ReadValue(ref log);
        }

        for (var vector = 0; vector < batch.Vectors.Length; vector++)
            ReadVectors(ref log, batch, vector, columns.Vectors[vector].Dimensions);
        return log.IsAtEnd ? (removed, batch) : throw new InvalidDataException("The record is longer than what it says.");
    }

    private static string ReadCollection(ref LogReader log) =>
        log.Byte() == Kind ? log.Value<string>() ?? "" : throw new InvalidDataException("The record is of no known kind.");

    private static void WriteKeys(LogWriter log, object[] keys, TablePart columns)
    {
        log.Int(keys.Length);
        foreach (var key in keys)
            columns.Keys.Column.WriteValue(log, key);
    }

    private static object[] ReadKeys(ref LogReader log, TablePart columns)
    {
        var keys = new object[log.Count(leastBytes: 1)];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = columns.Keys.Column.ReadValue(ref log) ?? throw new InvalidDataException("A key is null.");
        return keys;
    }

    private static void WriteVectors(LogWriter log, StagedBatch batch, int vector, int dimensions)
    {
        for (var record = 0; record < batch.Count; record++)
            log.Byte(batch.HasVector[vector][record] ? (byte)1 : (byte)0);
        for (var record = 0; record < batch.Count; record++)
        {
            if (batch.HasVector[vector][record])
                log.Floats(batch.Vectors[vector].AsSpan(record * dimensions, dimensions));
        }
    }

    private static void ReadVectors(ref LogReader log, StagedBatch batch, int vector, int dimensions)
    {
        var has = log.Bytes(batch.Count);
        for (var record = 0; record < batch.Count; record++)
        {
            if (has[record] == 0)
                continue;
            batch.HasVector[vector][record] = true;
            var vectors = batch.Vectors[vector] ??= new float[checked(batch.Count * dimensions)];
            log.Floats(vectors.AsSpan(record * dimensions, dimensions));
        }
    }
}
